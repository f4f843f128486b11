/// Turns the mangled name in a typeinfo into the name that a person recognises.
package enum CxxTypeName {
    /// The name that a person recognises.
    /// - Parameter mangled: What the typeinfo says.
    /// - Returns: `app::User` for `N3app4UserE`; the name as it is when it cannot be read.
    package static func readable(_ mangled: String) -> String {
        let prefix = "typeinfo for "
        guard let text = Demangler.short("_ZTI" + mangled), text.hasPrefix(prefix) else { return mangled }
        return CxxNames.simplify(String(text.dropFirst(prefix.count)))
    }
}
