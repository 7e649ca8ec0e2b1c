// The first file of FormatSupport replaces this one.
