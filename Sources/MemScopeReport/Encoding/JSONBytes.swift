/// JSON text as it grows.
///
/// The bytes lie in memory of our own: an array in a class pays for an exclusivity check and a uniqueness check with
/// every byte, which makes a large report take twice as long.
final class JSONBytes {
    private var start: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity = 1 << 16

    init() {
        start = .allocate(capacity: capacity)
    }

    deinit {
        start.deallocate()
    }

    /// A copy of what was written.
    var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: start, count: count)) }

    func append(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let first = text.baseAddress else { return }
        reserve(text.count)
        (start + count).update(from: first, count: text.count)
        count += text.count
    }

    func append(integer value: some FixedWidthInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        // 64 bits have at most 20 digits.
        reserve(20)
        var magnitude = UInt64(value.magnitude)
        var digits = 1
        var limit: UInt64 = 10
        while magnitude >= limit, digits < 20 {
            digits += 1
            limit = digits < 20 ? limit * 10 : .max
        }
        var place = count + digits
        count = place
        repeat {
            place -= 1
            start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
    }

    /// Appends a text in quotes, escaped where JSON wants it.
    func append(string text: String) {
        var text = text
        text.withUTF8 { utf8 in
            // No byte becomes more than six.
            reserve(6 * utf8.count + 2)
            var end = start + count
            end.initialize(to: UInt8(ascii: "\""))
            end += 1
            for byte in utf8 {
                if needsEscape(byte) {
                    end = escape(byte, at: end)
                } else {
                    end.initialize(to: byte)
                    end += 1
                }
            }
            end.initialize(to: UInt8(ascii: "\""))
            count = end + 1 - start
        }
    }

    private func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    @inline(__always)
    private func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7f: true
        default: false
        }
    }

    private func escape(_ byte: UInt8, at end: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let digits: StaticString = "0123456789abcdef"
        let text: (UInt8, UInt8)? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): (UInt8(ascii: "\\"), byte)
            case UInt8(ascii: "\n"): (UInt8(ascii: "\\"), UInt8(ascii: "n"))
            case UInt8(ascii: "\t"): (UInt8(ascii: "\\"), UInt8(ascii: "t"))
            default: nil
            }
        if let text {
            end[0] = text.0
            end[1] = text.1
            return end + 2
        }
        ("\\u00" as StaticString).withUTF8Buffer { end.update(from: $0.baseAddress!, count: 4) }
        end[4] = digits.utf8Start[Int(byte >> 4)]
        end[5] = digits.utf8Start[Int(byte & 15)]
        return end + 6
    }
}
