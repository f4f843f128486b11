/// Whose code a frame is.
public enum FrameRole: UInt8, Sendable, Hashable {
    /// The program's own code, or that of a package it was built with.
    case program
    /// Swift's runtime and libraries, the C and C++ libraries, the dynamic linker, and what
    /// the compiler wrote on its own.
    case system
    /// What every allocation passes through: `malloc`, `operator new`, `swift_allocObject` and their kin.
    case allocation
}
