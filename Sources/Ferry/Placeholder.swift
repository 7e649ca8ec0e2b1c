// The first file of Ferry replaces this one.
