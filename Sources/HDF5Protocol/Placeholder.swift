// The first file of HDF5Protocol replaces this one.
