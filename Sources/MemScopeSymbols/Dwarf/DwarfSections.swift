/// The debugging sections of one file; a missing one is empty.
package struct DwarfSections {
    package let info: UnsafeRawBufferPointer
    package let abbreviations: UnsafeRawBufferPointer
    package let lines: UnsafeRawBufferPointer
    package let ranges: UnsafeRawBufferPointer
    package let rangeLists: UnsafeRawBufferPointer
    package let texts: UnsafeRawBufferPointer
    package let lineTexts: UnsafeRawBufferPointer
    package let textOffsets: UnsafeRawBufferPointer
    package let addresses: UnsafeRawBufferPointer

    /// Finds the sections, or nothing where the file has no readable debug information.
    package init?(_ file: ElfFile) {
        func contents(_ name: String) -> UnsafeRawBufferPointer {
            guard let section = file.section(name), !section.isCompressed else {
                return UnsafeRawBufferPointer(start: nil, count: 0)
            }
            return section.contents
        }
        info = contents(".debug_info")
        abbreviations = contents(".debug_abbrev")
        lines = contents(".debug_line")
        ranges = contents(".debug_ranges")
        rangeLists = contents(".debug_rnglists")
        texts = contents(".debug_str")
        lineTexts = contents(".debug_line_str")
        textOffsets = contents(".debug_str_offsets")
        addresses = contents(".debug_addr")
        if info.isEmpty || abbreviations.isEmpty { return nil }
    }
}
