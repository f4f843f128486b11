/// A customer who looks around, with the orders looked at.
///
/// What is to be done when the customer leaves refers to the session, and the session to it: who never closes a session leaves both for
/// ever. That is the leak of this shop.
final class Session {
    private var basket: [Order] = []
    private var stay = Duration.zero
    private var closed: (() -> Void)?

    init() {
        let opened = ContinuousClock.now
        closed = {
            self.stay = opened.duration(to: .now)
            self.basket = []
        }
    }

    /// Remembers an order, to be shown again.
    func remember(_ order: Order) { basket.append(order) }

    /// Forgets everything, the closure too, which ends the circle.
    func close() {
        closed?()
        closed = nil
    }
}
