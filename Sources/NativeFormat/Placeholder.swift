// The first file of NativeFormat replaces this one.
