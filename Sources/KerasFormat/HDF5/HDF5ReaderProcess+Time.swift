import HDF5Protocol

extension HDF5ReaderProcess {
  /// Gives the reader the time that a file of so many bytes may take: on one byte that is not what it should be, libhdf5
  /// goes round in circles until somebody stops it.
  ///
  /// Processor time: 10 seconds, and one more for each megabyte of 10⁶ bytes. A megabyte of a MobileNetV2 takes 2 to 3
  /// milliseconds, of four thousand small layers 24, of weights in compressed chunks of a kilobyte 71; 60 megabytes of zeros,
  /// compressed to 81 kilobytes, take 0.24 seconds. On the clock it is twice that, for a machine that does other things and
  /// a disk that is far away.
  mutating func limitTime(byteCount: Int) {
    request.maximumSeconds = 10 + byteCount / 1_000_000
    timeout = 2 * Double(request.maximumSeconds)
  }
}
