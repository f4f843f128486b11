internal import Testing

/// All that runs programs which track themselves, one after the other: each takes the processor's time it can get.
@Suite("The linked library", .serialized)
struct MemScopeTests {}
