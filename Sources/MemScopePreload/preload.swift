// Pulls the engine into the preload library. Everything else the library is, the shim's constructor starts.
internal import MemScopeEngine

/// What tells the shim that it is the preloaded copy; see `memscope_this_is_preload`.
@_cdecl("memscope_preload_marker")
func preloadMarker() {}
