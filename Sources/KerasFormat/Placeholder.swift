// The first file of KerasFormat replaces this one.
