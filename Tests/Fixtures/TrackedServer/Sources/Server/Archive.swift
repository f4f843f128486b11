/// Keeps whatever it is asked for: the growth of this server.
actor Archive {
    private var pages: [KeptPage] = []

    /// Keeps one more page and says how many there are.
    func keep() -> Int {
        pages.append(KeptPage())
        return pages.count
    }
}
