/// Keeps bottles.
actor Cellar {
    private var bottles: [Bottle] = []

    func keep() -> Int {
        bottles.append(Bottle())
        return bottles.count
    }
}
