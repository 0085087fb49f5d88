/// The recordings that come along, as they were when the program was built.
///
/// `hybrid-flow replay --make FILE` writes the pack beside this source anew.
public enum EmbeddedRecordings {
  /// Every file with its name, in the order of a list.
  public static func all() -> [(name: String, bytes: [UInt8])] {
    Pack.unpack(PackageResources.recordings_pack)
  }
}
