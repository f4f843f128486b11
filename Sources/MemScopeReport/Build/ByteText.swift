/// Bytes for people: a binary unit and three significant digits.
enum ByteText {
    static func text(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var tenths = bytes
        var unit = 0
        // Hundredths of the unit, so that no floating point is needed.
        var hundredths = bytes > UInt64.max / 100 ? bytes : bytes * 100
        if bytes > UInt64.max / 100 {
            hundredths = bytes / 1024 * 100
            tenths /= 1024
            unit = 1
        }
        while tenths >= 1024 && unit < units.count - 1 {
            tenths /= 1024
            hundredths /= 1024
            unit += 1
        }
        if unit == 0 || hundredths >= 100_00 { return "\(hundredths / 100) \(units[unit])" }
        let (whole, part) = (hundredths / 100, hundredths % 100)
        if whole >= 10 { return "\(whole).\(part / 10) \(units[unit])" }
        return "\(whole).\(part < 10 ? "0" : "")\(part) \(units[unit])"
    }
}
