// The first file of Structure replaces this one.
