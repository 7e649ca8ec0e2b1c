import HDF5Protocol

// ferry-hdf5-reader: reads the one HDF5 file that stands open on descriptor 3, answers on descriptor 1, and exits.
// Exit codes: 0 answered (with the content, or with the reason why there is none), 64 not started by Ferry.
ReaderProcess.main()
