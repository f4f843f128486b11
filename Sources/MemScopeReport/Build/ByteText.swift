/// Bytes for people: a binary unit and three significant digits, rounded as the page does it.
enum ByteText {
    static func text(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        if bytes < 1024 { return "\(bytes) B" }
        var amount = Double(bytes)
        var unit = 0
        while amount >= 1024 && unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        let decimals = amount >= 100 ? 0 : amount >= 10 ? 1 : 2
        let scale: UInt64 = [1, 10, 100][decimals]
        let scaled = UInt64((amount * Double(scale)).rounded())
        if decimals == 0 { return "\(scaled) \(units[unit])" }
        let part = String(scaled % scale)
        return "\(scaled / scale).\(String(repeating: "0", count: decimals - part.count))\(part) \(units[unit])"
    }
}
