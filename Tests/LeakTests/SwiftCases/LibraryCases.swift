import Dispatch
import Foundation

/// What libraries keep for themselves of what a program asked them to do: the caches of queues and their threads, of locales, of
/// formatters and of ICU. Their users can free none of it, so none of it may be reported.
enum LibraryCases {
    static let all: [String: @Sendable (Int) -> Void] = [
        "heldByFinishedQueues": { useQueues($0) }, "heldByFormatters": { useFormatters($0) },
    ]

    /// Queues, groups, semaphores and timers that are over.
    private static func useQueues(_ n: Int) {
        let group = DispatchGroup()
        for number in 0..<n {
            let serial = DispatchQueue(label: "serial \(number)", qos: number % 2 == 0 ? .utility : .userInitiated)
            let parallel = DispatchQueue(label: "parallel \(number)", attributes: .concurrent, target: .global())
            serial.async(group: group) { parallel.sync { _ = longText(number) } }
            parallel.async(group: group, flags: .barrier) { _ = longText(number) }
            let timer = DispatchSource.makeTimerSource(queue: serial)
            group.enter()
            timer.setEventHandler { timer.cancel() }
            timer.setCancelHandler { group.leave() }
            timer.schedule(deadline: .now())
            timer.resume()
        }
        group.wait()
        DispatchQueue.concurrentPerform(iterations: n) { _ = longText($0) }
    }

    /// Locales, formatters, calendars, and what text asks ICU for.
    private static func useFormatters(_ n: Int) {
        let names = ["en_US", "de_DE", "ja_JP", "ar_EG", "tr_TR"]
        for number in 0..<n {
            let locale = Locale(identifier: names[number % names.count])
            let date = DateFormatter()
            date.locale = locale
            date.dateStyle = .full
            date.timeStyle = .long
            let decimal = NumberFormatter()
            decimal.locale = locale
            decimal.numberStyle = .currency
            let day = Date(timeIntervalSince1970: Double(number) * 86_400)
            var calendar = Calendar(identifier: number % 2 == 0 ? .gregorian : .islamicCivil)
            calendar.locale = locale
            let texts = [
                date.string(from: day), decimal.string(from: NSNumber(value: number)) ?? "",
                day.formatted(.dateTime.weekday(.wide).locale(locale)), number.formatted(.number.locale(locale)),
                String(describing: calendar.dateComponents([.era, .year, .month, .day], from: day)),
                longText(number).uppercased(with: locale),
                longText(number).folding(options: .diacriticInsensitive, locale: locale),
            ]
            _ = texts.sorted { $0.compare($1, locale: locale) == .orderedAscending }
        }
    }
}
