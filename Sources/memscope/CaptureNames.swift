internal import MemScopeModel
internal import MemScopeReport

/// Names for a capture's addresses.
enum CaptureNames {
    /// The names that the report shows. Without symbols it shows modules and offsets.
    static func names(of snapshot: HeapSnapshot) -> SnapshotNames {
        .none
    }
}
