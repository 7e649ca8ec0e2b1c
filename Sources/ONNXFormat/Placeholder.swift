// The first file of ONNXFormat replaces this one.
