import Crystallography
import Foundation
import NumericalMethods
import Publishing

/// VASP's POSCAR, with the species line (VASP 5) and without (VASP 4).
package enum POSCARFile {
    package static func parse(_ text: String, name: String) throws(CrystalFileError) -> [CrystalRecord] {
        var reader = POSCARReader(text: text, file: name)
        return [try reader.record()]
    }

    /// VASP 5, direct coordinates. Atoms in their order, neighbours of one species as one block.
    ///
    /// - Throws: where a site is shared or partly occupied, which the format cannot say.
    package static func serialise(_ structure: CrystalStructure, name: String = "POSCAR")
        throws(CrystalFileError) -> String
    {
        // VASP takes a species in several blocks, and lists of moments and forces follow the order of the atoms.
        var blocks: [(symbol: String, sites: [Site])] = []
        for site in structure.sites {
            guard site.occupants.count == 1, let only = site.occupants.first, only.occupancy > 0.999 else {
                throw CrystalFileError(
                    file: name, field: site.label.isEmpty ? nil : site.label,
                    problem: "a partly occupied site cannot be written to POSCAR",
                    remedy: "write CIF or JSON")
            }
            let symbol = symbol(of: only.species)
            if blocks.last?.symbol == symbol {
                blocks[blocks.count - 1].sites.append(site)
            } else {
                blocks.append((symbol, [site]))
            }
        }
        let title = structure.title.isEmpty ? blocks.map(\.symbol).joined(separator: " ") : structure.title
        var lines = [title.onOneLine, "1.0"]
        for row in 0..<3 {
            lines.append(RoundTrip.row(structure.lattice.vectors[row], width: 22))
        }
        lines.append(blocks.map(\.symbol).joined(separator: " "))
        lines.append(blocks.map { String($0.sites.count) }.joined(separator: " "))
        lines.append("Direct")
        for block in blocks {
            for site in block.sites {
                let tail = site.label.isEmpty ? block.symbol : site.label
                lines.append("\(RoundTrip.row(site.position, width: 22)) \(tail.filter { !$0.isNewline })")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension POSCARFile {
    /// Deuterium and tritium by their letters, which readers know; other isotopes have no name here.
    private static func symbol(of species: Species) -> String {
        species.element.atomicNumber == 1 && species.massNumber != 1 ? species.symbol : species.element.symbol
    }

    /// What a POSCAR of these sites does not say.
    static func losses(_ sites: [Site]) -> [String] {
        var losses: [String] = []
        if sites.contains(where: { $0.displacement != nil }) { losses.append("displacement parameters") }
        let species = sites.lazy.flatMap(\.occupants).map(\.species)
        if species.contains(where: { ($0.charge ?? 0) != 0 }) { losses.append("charges") }
        if species.contains(where: { $0.massNumber != nil && $0.element.atomicNumber > 1 }) {
            losses.append("isotopes")
        }
        return losses
    }
}

/// Numbers written so that reading gives the same bits.
enum RoundTrip {
    static func row(_ v: SIMD3<Double>, width: Int) -> String {
        [v.x, v.y, v.z].map { padded("\($0)", to: width) }.joined(separator: " ")
    }

    static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

private struct POSCARReader {
    let file: String
    let lines: [Substring]
    var next = 0
    var warnings: [ReadingWarning] = []
    private var isSelective = false
    /// Cartesian coordinates are scaled as the lattice vectors are.
    private var scale = SIMD3<Double>(repeating: 1)

    init(text: String, file: String) {
        self.file = file
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    mutating func record() throws(CrystalFileError) -> CrystalRecord {
        let title = try line("the title").trimmingCharacters(in: .whitespaces)
        let lattice = try lattice()
        var symbols: [String]?
        var words = try self.words("the numbers of atoms")
        if let first = words.first, Int(first) == nil {
            symbols = words.map(String.init)
            words = try self.words("the numbers of atoms")
        }
        let counts = try counts(words)
        let style = try coordinateStyle()
        let (positions, comments) = try positions(
            count: counts.reduce(0, +), style: style, lattice: lattice)
        let species = try species(
            counts: counts, symbols: symbols, title: title, comments: comments)
        sayOtherElements(comments, species: species, counts: counts)
        var sites: [Site] = []
        for (group, count) in counts.enumerated() {
            for _ in 0..<count {
                sites.append(
                    Site(occupants: [Occupant(species[group])], position: positions[sites.count]))
            }
        }
        var unkept = isSelective ? ["selective dynamics"] : []
        // Velocities stand behind an empty line or a line of their own.
        let isNext = next < lines.count && Self.areNumbers(lines[next].prefix { $0 != "#" && $0 != "!" })
        if isNext, lines[next].split(whereSeparator: \.isWhitespace).count >= 3 {
            next += 1
            throw error(
                "more atoms than the \(sites.count) that are announced",
                remedy: "correct the numbers of atoms, or put an empty line before velocities")
        }
        let rest = lines[min(next, lines.count)...].first { !$0.allSatisfy(\.isWhitespace) }
        if let rest, rest.lowercased().contains("configuration") {
            warnings.append(.moreConfigurations)
        } else if let rest,
            rest.lowercased().contains("velocit")
                || rest.split(whereSeparator: \.isWhitespace).allSatisfy({ TextNumber.double($0) != nil })
        {
            unkept.append("velocities")
        } else if let rest {
            warnings.append(.restPassedOver(beginning: String(rest.prefix(30))))
        }
        let structure = CrystalStructure(title: title, lattice: lattice, sites: sites)
        if style == .direct, let far = positions.firstIndex(where: { PlausibleCell.isFar($0) }) {
            warnings.append(
                .farCoordinates(label: "atom \(far + 1)", value: PlausibleCell.farthest(positions[far])))
        }
        warnings += PlausibleCell.warnings(of: structure) + PlausibleCell.overlaps(in: structure)
        var record = CrystalRecord(structure, readingWarnings: warnings)
        record.unkept = unkept
        return record
    }

    private static func areNumbers(_ text: Substring) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace).prefix(3)
        return !words.isEmpty && words.allSatisfy { TextNumber.double($0) != nil }
    }

    /// The first atom behind which another element stands than its species line says.
    private mutating func sayOtherElements(_ comments: [String], species: [Species], counts: [Int]) {
        let ofAtoms = zip(species, counts).flatMap { Array(repeating: $0, count: $1) }
        for (atom, (species, comment)) in zip(ofAtoms, comments).enumerated() {
            let text = String(comment.drop { $0 == "#" || $0 == "!" })
            guard let other = self.species(comment: text), other.element != species.element else { continue }
            warnings.append(
                .otherElementBehindAtom(atom: atom + 1, species: species.symbol, comment: other.symbol))
            return
        }
    }

    // MARK: Lines

    private func error(_ problem: String, remedy: String) -> CrystalFileError {
        CrystalFileError(file: file, line: max(1, next), problem: problem, remedy: remedy)
    }

    private mutating func line(_ what: String) throws(CrystalFileError) -> Substring {
        guard next < lines.count else {
            throw error("the file ends before \(what)", remedy: "give a complete POSCAR")
        }
        next += 1
        return lines[next - 1]
    }

    private mutating func words(_ what: String) throws(CrystalFileError) -> [Substring] {
        let content = try line(what).prefix { $0 != "#" && $0 != "!" }
        return content.split(whereSeparator: \.isWhitespace)
    }

    private mutating func vector(_ what: String) throws(CrystalFileError) -> SIMD3<Double> {
        let words = try words(what)
        guard words.count >= 3, let x = TextNumber.double(words[0]), let y = TextNumber.double(words[1]),
            let z = TextNumber.double(words[2])
        else { throw error("three numbers are expected for \(what)", remedy: "correct the line") }
        return SIMD3(x, y, z)
    }

    // MARK: Parts

    private mutating func lattice() throws(CrystalFileError) -> Lattice {
        let scales = try words("the scale").prefix { TextNumber.double($0) != nil }.compactMap {
            TextNumber.double($0)
        }
        guard scales.count == 1 || scales.count == 3, scales.allSatisfy({ $0 != 0 }) else {
            throw error("the scale is not a number", remedy: "write 1.0 on the second line")
        }
        guard scales.count == 1 || scales.allSatisfy({ $0 > 0 }) else {
            throw error("three scales must be positive", remedy: "correct the second line")
        }
        let rows = (try vector("a"), try vector("b"), try vector("c"))
        var vectors = Matrix3(rows: rows.0, rows.1, rows.2)
        let volume = abs(vectors.determinant)
        if scales.count == 3 {
            scale = SIMD3(scales[0], scales[1], scales[2])
        } else {
            // A negative scale is the volume of the cell.
            scale = SIMD3(repeating: scales[0] < 0 ? cbrt(-scales[0] / volume) : scales[0])
        }
        vectors = vectors * Matrix3(diagonal: scale)
        do throws(LatticeError) {
            return try Lattice(checking: vectors)
        } catch {
            let explanation = error.explanation
            throw self.error(explanation.problem, remedy: explanation.remedy ?? "correct the lattice vectors")
        }
    }

    private func counts(_ words: [Substring]) throws(CrystalFileError) -> [Int] {
        let counts = words.prefix { Int($0) != nil }.compactMap { Int($0) }
        guard !counts.isEmpty, counts.allSatisfy({ $0 >= 0 }) else {
            throw error("the numbers of atoms are missing", remedy: "give one positive number a species")
        }
        // Numbers that no memory holds must not overflow their sum.
        let total = counts.reduce(0) { min(Limits.atoms + 1, $0 + min($1, Limits.atoms + 1)) }
        guard total > 0 else { throw error("no atoms", remedy: "give at least one") }
        guard total <= Limits.atoms else { throw .tooManyAtoms(total, file: file, line: max(1, next)) }
        guard total <= lines.count else {
            throw error("\(total) atoms are announced, the file is shorter", remedy: "give a complete POSCAR")
        }
        return counts
    }

    private enum Style { case direct, cartesian }

    private mutating func coordinateStyle() throws(CrystalFileError) -> Style {
        var text = try line("Direct or Cartesian").drop(while: \.isWhitespace)
        if text.first?.lowercased() == "s" {
            isSelective = true
            text = try line("Direct or Cartesian").drop(while: \.isWhitespace)
        }
        switch text.first?.lowercased() {
        case "d": return .direct
        case "c", "k": return .cartesian
        default: throw error("\"Direct\" or \"Cartesian\" is expected", remedy: "write one of them")
        }
    }

    /// Positions, and what stands behind each: flags dropped, `# Na1` and `Na` kept.
    private mutating func positions(
        count: Int, style: Style, lattice: Lattice
    ) throws(CrystalFileError) -> ([SIMD3<Double>], [String]) {
        var positions: [SIMD3<Double>] = []
        var comments: [String] = []
        for index in 1...count {
            let start = next
            var position = try vector("atom \(index) of \(count)")
            if style == .cartesian { position = lattice.fractional(position * scale) }
            guard Limits.hold(position) else {
                throw error("the coordinates are out of any reasonable size", remedy: "correct the line")
            }
            positions.append(position)
            let tail = lines[start].split(whereSeparator: \.isWhitespace).dropFirst(3)
            comments.append(
                tail.first { !["T", "F", ".TRUE.", ".FALSE.", "#", "!"].contains($0.uppercased()) }
                    .map(String.init) ?? "")
        }
        return (positions, comments)
    }

    /// From the species line; else from the title, as VASP 4 users write it; else from the comments behind
    /// the atoms; else stand-ins in atomic order.
    private mutating func species(
        counts: [Int], symbols: [String]?, title: String, comments: [String]
    ) throws(CrystalFileError) -> [Species] {
        if let symbols {
            guard symbols.count >= counts.count else {
                throw error(
                    "\(symbols.count) species for \(counts.count) numbers of atoms",
                    remedy: "give one species a number")
            }
            var species: [Species] = []
            for symbol in symbols.prefix(counts.count) {
                // VASP's own files may write Fe_pv or Fe/1a2b3c.
                let plain = symbol.prefix { $0 != "_" && $0 != "/" }
                guard let known = Species(symbol: plain) else {
                    throw error("\"\(symbol)\" is no element", remedy: "correct the species line")
                }
                species.append(known)
            }
            return species
        }
        let words = title.split(whereSeparator: \.isWhitespace)
        let named = words.compactMap { Element(symbol: $0) }
        if named.count == words.count, named.count == counts.count {
            warnings.append(.speciesOfTitle(title.count > 40 ? title.prefix(40) + "…" : title))
            return named.map { Species($0) }
        }
        if let commented = species(counts: counts, comments: comments) { return commented }
        warnings.append(.standInElements)
        guard counts.count <= 118 else {
            throw error("\(counts.count) species without names", remedy: "give the species line")
        }
        return counts.indices.compactMap { Element(atomicNumber: $0 + 1) }.map { Species($0) }
    }

    private func species(counts: [Int], comments: [String]) -> [Species]? {
        var result: [Species] = []
        var start = 0
        for count in counts {
            let group = comments[start..<(start + count)]
            start += count
            let found = Set(group.map { species(comment: String($0.drop { $0 == "#" })) })
            guard found.count == 1, let only = found.first ?? nil else { return nil }
            result.append(only)
        }
        return result
    }

    /// The element of a comment such as `Na1` or `Fe3+`; nil where it says more or less.
    private func species(comment: String) -> Species? {
        if case .species(let species) = SpeciesName(label: comment) {
            species
        } else {
            Species(symbol: comment)
        }
    }
}

extension POSCARFile {
    /// Whether the text has a POSCAR's scale and cell where these have to stand.
    static func isLikely(_ text: String) -> Bool {
        let lines = text.split(maxSplits: 5, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.count > 5 else { return false }
        func numbers(_ line: Substring) -> Int {
            line.split(whereSeparator: \.isWhitespace).prefix { TextNumber.double($0) != nil }.count
        }
        // One scale or three lengths; rows of ten counts are no lattice.
        return [1, 3].contains(numbers(lines[1])) && lines[2...4].allSatisfy { numbers($0) >= 3 }
    }
}
