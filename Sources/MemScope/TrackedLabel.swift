internal import MemScopeShim

/// What ``tracked(_:name:file:line:)`` does while tracking is on. Apart from it, so that the generic part can be compiled into the program.
@usableFromInline
enum TrackedLabel {
    /// Names the blocks that a value refers to.
    @usableFromInline
    static func attach(_ name: String, _ file: StaticString, _ line: UInt, to value: UnsafeRawBufferPointer) {
        // What is smaller than a pointer refers to nothing, and may not be aligned like one.
        guard value.count >= MemoryLayout<UInt>.size, let start = value.baseAddress,
            UInt(bitPattern: start) % UInt(MemoryLayout<UInt>.size) == 0
        else { return }
        var name = name
        name.withUTF8 { text in
            file.withUTF8Buffer { path in
                // Without text there is nothing to call it.
                guard let name = text.baseAddress, let file = path.baseAddress else { return }
                var label = memscope_tracked_label(
                    name: name, file: file, name_length: UInt32(clamping: text.count),
                    file_length: UInt32(clamping: path.count), line: UInt32(clamping: line))
                memscope_track_value(start, UInt32(clamping: value.count), &label)
            }
        }
    }
}
