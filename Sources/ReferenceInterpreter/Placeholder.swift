// The first file of ReferenceInterpreter replaces this one.
