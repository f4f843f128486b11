internal import MemScopeModel

/// Symbolicates addresses of one module. Opens the module's file, answers one batch, and is thrown away.
struct ModuleResolver {
    /// What the files could tell.
    private(set) var report: ModuleSymbols

    private let moduleName: String
    private let moduleRole: FrameRole?
    private let files: [ElfFile]
    private let table: SymbolTable?
    private let debug: DebugInformation?

    /// Opens the module's file, and the file with what was stripped from it, if the build ids agree.
    init(_ module: LoadedModule) {
        report = ModuleSymbols(module: module)
        moduleName = ModuleName.file(of: module.path)
        moduleRole = RoleRules.role(ofModule: moduleName)
        guard let file = Self.open(module, &report) else {
            (files, table, debug) = ([], nil, nil)
            return
        }
        var files = [file]
        var table = SymbolTable(file)
        var debug = DebugInformation(file)
        var isCompressed = file.section(".debug_info")?.isCompressed ?? false
        if table.coverage != .all || (debug == nil && !isCompressed),
            let separate = DebugFileLocator.find(for: file, at: module.path)
        {
            files.append(separate.file)
            report.debugFile = separate.path
            let full = SymbolTable(separate.file)
            if full.coverage == .all { table = full }
            debug = debug ?? DebugInformation(separate.file)
            isCompressed = isCompressed || separate.file.section(".debug_info")?.isCompressed ?? false
        }
        self.files = files
        self.table = table
        self.debug = debug
        report.names = table.coverage == .all ? .all : table.coverage == .exported ? .exported : .none
        if debug == nil, isCompressed { report.problem = .compressedDebugInformation }
        if let debug, debug.isSplit { report.problem = .splitDebugInformation }
    }

    private static func open(_ module: LoadedModule, _ report: inout ModuleSymbols) -> ElfFile? {
        guard module.path.utf8.contains(UInt8(ascii: "/")) else {
            report.problem = .noFile
            return nil
        }
        do throws(SymbolFileError) {
            let file = try ElfFile(path: module.path)
            // Without an id of the loaded module there is nothing to compare, and the file is taken at its word.
            guard module.buildID.isEmpty || module.buildID == file.buildID else {
                report.problem = .differentBuild(loaded: module.buildID, found: file.buildID)
                return nil
            }
            return file
        } catch {
            switch error {
            case .unreadable(let code): report.problem = .unreadable(errno: code)
            case .malformed: report.problem = .malformed
            }
            return nil
        }
    }

    /// Symbolicates return addresses, given as addresses in the file, ascending without repeats.
    mutating func resolve(_ addresses: [UInt64], names: inout NameCache) -> [SymbolicatedAddress] {
        let table = table
        // What to look up: the byte of the call, but the start itself of a part after an `await`.
        let lookups = addresses.map { address -> UInt64 in
            if let table, let entry = table.entry(covering: address), entry.address == address,
                NameFolder.isContinuation(table.name(of: entry))
            {
                return address
            }
            return address &- 1
        }
        var distinct = lookups
        distinct.removeAll(keepingCapacity: true)
        for lookup in lookups where distinct.last != lookup { distinct.append(lookup) }
        let located = debug?.locate(distinct)
        let adapted = AdaptedClosures(distinct, table, debug)

        var results: [SymbolicatedAddress] = []
        results.reserveCapacity(addresses.count)
        var position = 0
        var lastEntry: SymbolTable.Entry?
        var lastName: String?
        for (index, lookup) in lookups.enumerated() {
            while distinct[position] < lookup { position += 1 }
            let entry = table?.entry(covering: lookup)
            if entry?.address != lastEntry?.address || lastName == nil {
                lastName = entry.flatMap { table?.name(of: $0) }
                lastEntry = entry
            }
            let result = assemble(
                address: addresses[index], symbol: entry == nil ? nil : lastName, located?[position] ?? [],
                adapted.closure(adaptedAt: lookup), &names)
            report.addresses += 1
            if result.quality != .none { report.named += 1 }
            if result.quality == .lines { report.hasLines = true }
            results.append(result)
        }
        withExtendedLifetime(files) {}
        return results
    }

    private func assemble(
        address: UInt64, symbol: String?, _ located: [LocatedFunction], _ closure: LocatedFunction?,
        _ names: inout NameCache
    ) -> SymbolicatedAddress {
        var functions = located
        if functions.isEmpty {
            functions = [LocatedFunction(name: symbol, file: nil, line: 0, column: 0, isInlined: false)]
        } else if let symbol, !symbol.isEmpty, let last = functions.indices.last, !functions[last].isInlined {
            // The table knows the name of this very copy; the debug information may know only the original's.
            functions[last].name = symbol
        }
        if let closure, let last = functions.indices.last, functions[last].line == 0 {
            functions[last].file = closure.file
            functions[last].line = closure.line
        }
        var quality = SymbolQuality.none
        let frames = functions.map { function -> SourceFrame in
            var frame = SourceFrame(
                function: "", file: function.line > 0 ? function.file.map { names.shared($0) } : nil,
                line: function.line, column: function.column, isInlined: function.isInlined, module: moduleName,
                role: moduleRole ?? .program)
            guard let name = function.name, !name.isEmpty else {
                frame.function = ModuleName.offset(address, in: moduleName)
                return frame
            }
            let folded = names.fold(name)
            frame.function = folded.name.display
            frame.linkageName = folded.linkageName
            frame.traits = folded.name.traits
            if moduleRole == nil || (moduleRole == .system && folded.name.role == .allocation) {
                frame.role = folded.name.role
            }
            quality = max(quality, function.line > 0 && function.file != nil ? .lines : .symbol)
            return frame
        }
        return SymbolicatedAddress(frames: frames, quality: quality)
    }
}
