/// The files of one directory of a real file system.
public struct DiskFiles: Sendable {
  /// Opens a directory, which is made when it is not there.
  public init(directory path: String) throws(FileError) { fatalError("to be built") }
}
