// The first file of Passes replaces this one.
