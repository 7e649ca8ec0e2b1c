// The first file of Reporting replaces this one.
