import Crystallography
import Foundation
import NumericalMethods

/// One of the 2,000 pairs with the verdict of pymatgen's StructureMatcher in both orders: made from Fixtures/bases.txt
/// and the pair's number, judged in Fixtures/verdicts.tsv (Fixtures/README.md).
struct MatchedPair: Sendable {
    var number: Int
    var kind: String
    var fits: (Bool, Bool)
    var rms: Double
    var maximum: Double
    var milliseconds: Double
    var first: CrystalStructure
    var second: CrystalStructure

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static let all: [MatchedPair] = {
        guard let maker = try? PairMaker(fixtures.appendingPathComponent("bases.txt")),
            let text = try? String(
                contentsOf: fixtures.appendingPathComponent("verdicts.tsv"), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let cell = line.split(separator: "\t")
            guard cell.count == 7, let number = Int(cell[0]) else { return nil }
            let made = maker.pair(number)
            return MatchedPair(
                number: number, kind: made.kind.rawValue, fits: (cell[2] == "1", cell[3] == "1"),
                rms: Double(cell[4]) ?? .nan, maximum: Double(cell[5]) ?? .nan,
                milliseconds: Double(cell[6]) ?? .nan, first: made.first, second: made.second)
        }
    }()
}

/// Makes pairs of crystals: disturbed, sheared, supercells, scaled, mirrored, different.
struct PairMaker: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case perturbed, sheared, supercell, scaled, mirror, different, otherStructure, strained
    }

    private let bases: [CrystalStructure]

    init(_ url: URL) throws {
        var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")[...]
        var bases: [CrystalStructure] = []
        while !lines.isEmpty {
            let name = String(lines.removeFirst())
            let v = lines.removeFirst().split(separator: " ").compactMap { Double($0) }
            let count = Int(lines.removeFirst()) ?? 0
            let sites = (0..<count).compactMap { _ -> Site? in
                let words = lines.removeFirst().split(separator: " ")
                let x = words.dropFirst().compactMap { Double($0) }
                return Element(symbol: words[0]).map { Site($0, at: SIMD3(x[0], x[1], x[2])) }
            }
            let rows = Matrix3(
                rows: SIMD3(v[0], v[1], v[2]), SIMD3(v[3], v[4], v[5]), SIMD3(v[6], v[7], v[8]))
            bases.append(CrystalStructure(title: name, lattice: Lattice(vectors: rows), sites: sites))
        }
        self.bases = bases
    }

    /// The pair of a number, always the same one.
    func pair(_ number: Int) -> (kind: Kind, first: CrystalStructure, second: CrystalStructure) {
        let kind = Kind.allCases[number % Kind.allCases.count]
        var stream = RandomStream(seed: 7, index: UInt64(number))
        let made = make(kind, &stream)
        return (kind, Self.rounded(made.0), Self.rounded(made.1))
    }

    private func make(_ kind: Kind, _ stream: inout RandomStream) -> (CrystalStructure, CrystalStructure) {
        func any(_ list: [Double]) -> Double { list[stream.index(below: list.count)] }
        var base = bases[stream.index(below: bases.count)]
        switch kind {
        case .perturbed:
            return (
                base,
                Self.disturbed(base, any([0.01, 0.1, 0.3, 0.6, 1, 1.5]), any([0, 0.02, 0.05, 0.1]), &stream)
            )
        case .strained:
            return (base, Self.disturbed(base, any([0.001, 0.05]), any([0.05, 0.1, 0.15, 0.2]), &stream))
        case .sheared:
            let moved = Self.disturbed(base, any([0.001, 0.1, 0.4, 0.8]), any([0, 0.02, 0.05]), &stream)
            return (base, Self.rebased(moved, &stream))
        case .supercell:
            while base.sites.count > 6 { base = bases[stream.index(below: bases.count)] }
            let cells = [
                IntegerMatrix3(rows: SIMD3(2, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)),
                IntegerMatrix3(rows: SIMD3(1, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 2)),
                IntegerMatrix3(rows: SIMD3(1, 1, 0), SIMD3(-1, 1, 0), SIMD3(0, 0, 1)),
                IntegerMatrix3(rows: SIMD3(1, 0, 0), SIMD3(1, 3, 0), SIMD3(0, 1, 1)),
            ]
            let big = Self.supercell(base, cells[stream.index(below: cells.count)])
            let moved = Self.disturbed(big, any([0, 0.02, 0.1, 0.2, 0.35]), any([0, 0.02]), &stream)
            return (base, Self.rebased(moved, &stream))
        case .scaled:
            var scaled = base
            let factor = cbrt(stream.uniform(0.6, 1.6))
            scaled.lattice = Lattice(vectors: factor * base.lattice.vectors)
            return (base, Self.rebased(Self.disturbed(scaled, 0.1, 0.01, &stream), &stream))
        case .mirror:
            var mirrored = base
            for k in mirrored.sites.indices { mirrored.sites[k].position = -mirrored.sites[k].position }
            return (base, Self.rebased(mirrored, &stream))
        case .different, .otherStructure:
            let alike = bases.filter { $0.title != base.title && Self.shape($0) == Self.shape(base) }
            guard !alike.isEmpty else {
                return (base, Self.disturbed(base, 1.5, 0.1, &stream))
            }
            var other = alike[stream.index(below: alike.count)]
            let names = zip(Self.elements(other), Self.elements(base))
            let renamed = Dictionary(uniqueKeysWithValues: names.map { ($0, $1) })
            for k in other.sites.indices {
                guard let element = other.sites[k].element.flatMap({ renamed[$0] }) else { continue }
                other.sites[k].occupants = [Occupant(Species(element))]
            }
            return (base, kind == .different ? other : Self.rebased(other, &stream))
        }
    }

    /// Stoichiometry without names.
    private static func shape(_ s: CrystalStructure) -> [Double] { s.composition.values.sorted() }

    private static func elements(_ s: CrystalStructure) -> [Element] {
        s.composition.sorted { ($0.value, $0.key.symbol) < ($1.value, $1.key.symbol) }.map(\.key)
    }

    private static func disturbed(
        _ s: CrystalStructure, _ sigma: Double, _ strain: Double, _ stream: inout RandomStream
    ) -> CrystalStructure {
        var f = Matrix3.identity
        for i in 0..<3 { for j in 0..<3 { f[i, j] += stream.uniform(-strain, strain) } }
        var result = s
        result.lattice = Lattice(vectors: s.lattice.vectors * f)
        let width = sigma / 3.0.squareRoot()
        for k in result.sites.indices {
            let move = SIMD3(stream.normal(), stream.normal(), stream.normal()) * width
            result.sites[k].position += result.lattice.fractional(move)
        }
        return result
    }

    private static func supercell(_ s: CrystalStructure, _ m: IntegerMatrix3) -> CrystalStructure {
        let lattice = Lattice(vectors: Matrix3(m) * s.lattice.vectors)
        let change = Matrix3(m).inverse.transpose
        var offsets: [SIMD3<Double>] = []
        for i in -4...4 {
            for j in -4...4 {
                for k in -4...4 {
                    let shift = change * SIMD3(Double(i), Double(j), Double(k))
                    if !offsets.contains(where: { ($0 - shift).nearestImage.length < 1e-6 }) {
                        offsets.append(shift)
                    }
                }
            }
        }
        let sites = s.sites.flatMap { site in
            offsets.map { offset -> Site in
                var copy = site
                copy.position = (change * site.position + offset).wrapped
                return copy
            }
        }
        return CrystalStructure(title: s.title, lattice: lattice, sites: sites)
    }

    /// Another basis, origin, orientation and order of the atoms.
    private static func rebased(_ s: CrystalStructure, _ stream: inout RandomStream) -> CrystalStructure {
        var m = IntegerMatrix3.identity
        repeat {
            let entries = (0..<9).map { _ in stream.index(below: 5) - 2 }
            m = IntegerMatrix3(
                rows: SIMD3(entries[0], entries[1], entries[2]), SIMD3(entries[3], entries[4], entries[5]),
                SIMD3(entries[6], entries[7], entries[8]))
        } while abs(m.determinant) != 1
        func direction() -> SIMD3<Double> { SIMD3(stream.normal(), stream.normal(), stream.normal()) }
        let x = direction()
        let first = x / x.length
        let y = direction()
        let across = y - first * first.dot(y)
        let second = across / across.length
        let turn = Matrix3(rows: first, second, first.cross(second))
        let change = Matrix3(m).inverse.transpose
        let origin = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
        var result = s
        result.lattice = Lattice(vectors: Matrix3(m) * s.lattice.vectors * turn)
        for k in result.sites.indices {
            result.sites[k].position = (change * result.sites[k].position + origin).wrapped
        }
        for k in result.sites.indices.dropFirst().reversed() {
            result.sites.swapAt(k, stream.index(below: k + 1))
        }
        return result
    }

    /// To the five decimals that are written, so that what is judged elsewhere is what stands here.
    private static func rounded(_ s: CrystalStructure) -> CrystalStructure {
        func round(_ v: SIMD3<Double>) -> SIMD3<Double> { (v * 1e5).rounded(.toNearestOrEven) / 1e5 }
        var result = s
        let v = s.lattice.vectors
        result.lattice = Lattice(vectors: Matrix3(rows: round(v[0]), round(v[1]), round(v[2])))
        for k in result.sites.indices { result.sites[k].position = round(result.sites[k].position.wrapped) }
        return result
    }

    /// As make_pairs.py reads it.
    func text(_ number: Int) -> String {
        let made = pair(number)
        var lines = ["pair \(made.kind.rawValue)"]
        for s in [made.first, made.second] {
            let v = s.lattice.vectors
            lines.append(
                [v[0], v[1], v[2]].flatMap { [$0.x, $0.y, $0.z] }.map { String(format: "%.5f", $0) }
                    .joined(separator: " "))
            lines.append("\(s.sites.count)")
            for site in s.sites {
                lines.append(
                    "\(site.element?.symbol ?? "X") "
                        + [site.position.x, site.position.y, site.position.z].map {
                            String(format: "%.5f", $0)
                        }.joined(separator: " "))
            }
        }
        return lines.joined(separator: "\n")
    }
}
