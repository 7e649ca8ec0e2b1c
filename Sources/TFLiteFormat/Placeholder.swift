// The first file of TFLiteFormat replaces this one.
