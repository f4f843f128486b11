extension Report.RetainLedger {
    /// How much of what happened to the followed objects was seen.
    package struct Coverage: Sendable, Equatable {
        /// Of their retains and releases, between 0 and 1; `nil` if nothing was recorded.
        package var share: Double?
        /// How far the share can be trusted.
        package var accuracy = Report.Accuracy.estimated
        /// What was not seen.
        package var sentence = ""
    }
}

extension Report.RetainLedger.Coverage: Codable {
    private enum CodingKeys: CodingKey {
        case share, accuracy, sentence
    }

    // Written out, so that what is not known reads `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(share, forKey: .share)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(sentence, forKey: .sentence)
    }
}
