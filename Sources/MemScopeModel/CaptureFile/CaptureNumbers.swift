/// Numbers of few bytes when they are small: seven bits a byte, lowest first, the top bit says that more follow.
struct CaptureNumbers {
    private let section: CaptureSection
    private var place = 0

    init(_ section: CaptureSection) {
        self.section = section
    }

    /// Bytes that have not been read.
    var left: Int { section.count - place }

    mutating func next() throws(CaptureError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < section.count, shift < 64 {
            let byte = section.u8(place)
            place += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        throw .damaged("a number does not end")
    }
}

extension CaptureBytes {
    /// Appends numbers as ``CaptureNumbers`` reads them.
    mutating func numbers(_ values: UInt64...) {
        for value in values {
            var rest = value
            while rest > 127 {
                u8(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            u8(UInt8(rest))
        }
    }
}
