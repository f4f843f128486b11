/// What scopes and children throw.
struct Refusal: Error {
    var text = "a refusal that has to be boxed"
}
