import NumericalMethods

/// One line of a table of general reflection conditions: `h00: h=2n` (ITA Vol. A, 2.1.3.13).
public struct ReflectionCondition: Sendable, Hashable, CustomStringConvertible {
    /// The reflections it speaks of: `hkl`, `0kl`, `hhl`, `00l`; on hexagonal axes with four indices, `h-h0l`.
    public let zone: String
    /// What those present obey: `h+k=2n`, `h,k=2n`, `k+l=4n; k,l=2n`.
    public let condition: String
    /// Rows: the zone's basis; h = Σ parameter · basis.
    let basis: [SIMD3<Int>]
    /// Over 24: parameter · vector is whole for the reflections that are present.
    let vectors: [SIMD3<Int>]

    /// As ITA writes it, such as "h0l: h = 2n".
    public var description: String { "\(zone): \(condition)" }

    /// The zone's parameters of a reflection; nil where it does not belong to the zone.
    private func parameters(of h: SIMD3<Int>) -> SIMD3<Int>? {
        // Each basis vector has an index in which it is 1 and the others are 0.
        var result = SIMD3<Int>.zero
        var rest = h
        for (number, vector) in basis.enumerated() {
            guard
                let axis = (0..<3).first(where: { axis in
                    vector[axis] == 1 && basis.indices.allSatisfy { $0 == number || basis[$0][axis] == 0 }
                })
            else { return nil }
            result[number] = h[axis]
            rest = rest &- vector &* h[axis]
        }
        return rest == .zero ? result : nil
    }

    /// The reflection is of the zone.
    public func applies(to h: SIMD3<Int>) -> Bool { parameters(of: h) != nil }

    /// The reflection is of the zone and does not obey: it is absent.
    public func forbids(_ h: SIMD3<Int>) -> Bool {
        guard let m = parameters(of: h) else { return false }
        return vectors.contains { (m &* $0).wrappedSum() % SymmetryOperation.denominator != 0 }
    }
}

extension ReflectionConditions {
    /// The general conditions of a setting as ITA prints them, zones before rows; of zones that the group's own
    /// symmetry exchanges, one. Empty where no reflection is absent.
    public static func list(for group: SpaceGroup) -> [ReflectionCondition] {
        zones(of: group).compactMap { zone in
            let vectors = extinguishing(group, zone.basis)
            guard vectors.contains(where: { $0 != .zero }) else { return nil }
            return ReflectionCondition(
                zone: zone.name, condition: text(vectors, names: zone.names), basis: zone.basis,
                vectors: vectors)
        }
    }

    private struct Zone {
        let name: String
        let names: [String]
        let basis: [SIMD3<Int>]

        init(_ name: String, _ names: String, _ basis: SIMD3<Int>...) {
            self.name = name
            self.names = names.map(String.init)
            self.basis = basis
        }
    }

    private static func zones(of group: SpaceGroup) -> [Zone] {
        let (x, y, z) = (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        let hkl = Zone("hkl", "hkl", x, y, z)
        let hhl = Zone("hhl", "hl", SIMD3(1, 1, 0), z)
        switch group.latticeSystem {
        case .triclinic, .monoclinic, .orthorhombic:
            return [
                hkl, Zone("0kl", "kl", y, z), Zone("h0l", "hl", x, z), Zone("hk0", "hk", x, y),
                Zone("h00", "h", x), Zone("0k0", "k", y), Zone("00l", "l", z),
            ]
        case .tetragonal:
            return [
                hkl, Zone("hk0", "hk", x, y), Zone("0kl", "kl", y, z), hhl, Zone("00l", "l", z),
                Zone("h00", "h", x),
            ]
        case .cubic: return [hkl, Zone("0kl", "kl", y, z), hhl, Zone("h00", "h", x)]
        case .rhombohedral where group.hasRhombohedralAxes:
            return [hkl, hhl, Zone("hhh", "h", SIMD3(1, 1, 1))]
        case .rhombohedral, .hexagonal:
            return [
                Zone("hkil", "hkl", x, y, z), Zone("hki0", "hk", x, y),
                Zone("hh-2hl", "hl", SIMD3(1, 1, 0), z),
                Zone("h-h0l", "hl", SIMD3(1, -1, 0), z), Zone("000l", "l", z),
                Zone("h-h00", "h", SIMD3(1, -1, 0)), Zone("hh-2h0", "h", SIMD3(1, 1, 0)),
            ]
        }
    }

    /// The group (modulo 24) of vectors v for which parameter · v must be whole: from every operation that leaves
    /// the whole zone in place.
    private static func extinguishing(_ group: SpaceGroup, _ basis: [SIMD3<Int>]) -> [SIMD3<Int>] {
        var generators: Set<SIMD3<Int>> = []
        for operation in group.operations where basis.allSatisfy({ $0 * operation.rotation == $0 }) {
            var v = SIMD3<Int>.zero
            for (number, vector) in basis.enumerated() {
                v[number] = (vector &* operation.translation).wrappedSum()
            }
            generators.insert(modulo(v))
        }
        return Array(closure(generators)).sorted { $0.precedes($1) }
    }

    private static func modulo(_ v: SIMD3<Int>) -> SIMD3<Int> {
        SymmetryOperation(rotation: .identity, translation: v).wrapped.translation
    }

    private static func closure(_ generators: Set<SIMD3<Int>>) -> Set<SIMD3<Int>> {
        var result: Set<SIMD3<Int>> = [.zero]
        var queue: [SIMD3<Int>] = [.zero]
        while let last = queue.popLast() {
            for generator in generators {
                let sum = modulo(last &+ generator)
                if result.insert(sum).inserted { queue.append(sum) }
            }
        }
        return result
    }

    /// `k+l=4n; k,l=2n`: highest modulus first, each the shortest expressions that say something new.
    private static func text(_ vectors: [SIMD3<Int>], names: [String]) -> String {
        var said: Set<SIMD3<Int>> = [.zero]
        var parts: [String] = []
        let moduli = names.count == 1 ? [24, 12, 8, 6, 4, 3, 2] : [8, 4, 3, 2]
        // First the plainest expressions of each modulus; others only where these leave something unsaid.
        for isPlain in [true, false] {
            for modulus in moduli where said.count < vectors.count {
                let scale = SymmetryOperation.denominator / modulus
                let candidates = vectors.filter { order($0) == modulus }.map { coefficients($0, modulus) }
                for length in 1...3 {
                    let sorted = Set(candidates).sorted(by: simpler).filter { nonzero($0) == length }
                    // One expression of each cyclic subgroup: multiples of a vector say the same.
                    var texts: [String] = []
                    var fresh: Set<SIMD3<Int>> = []
                    for c in sorted where !isPlain || complexity(c) == sorted.first.map(complexity) {
                        let v = modulo(c &* scale)
                        let isSaid = said.contains(v) || fresh.contains { closure([$0]).contains(v) }
                        if isSaid { continue }
                        fresh.insert(v)
                        texts.append(expression(c, names))
                    }
                    guard !texts.isEmpty else { continue }
                    parts.append(texts.joined(separator: ",") + "=\(modulus)n")
                    said = closure(said.union(fresh))
                }
            }
        }
        return parts.joined(separator: "; ")
    }

    private static func order(_ v: SIMD3<Int>) -> Int {
        (1...24).first { modulo(v &* $0) == .zero } ?? 24
    }

    /// In (−modulus/2, modulus/2].
    private static func coefficients(_ v: SIMD3<Int>, _ modulus: Int) -> SIMD3<Int> {
        var c = v &* modulus / SymmetryOperation.denominator
        for axis in 0..<3 where 2 * c[axis] > modulus { c[axis] -= modulus }
        return c
    }

    private static func nonzero(_ c: SIMD3<Int>) -> Int { (0..<3).filter { c[$0] != 0 }.count }

    /// Sum of the coefficients' sizes, then minus signs.
    private static func complexity(_ c: SIMD3<Int>) -> [Int] {
        [(0..<3).reduce(0) { $0 + abs(c[$1]) }, (0..<3).filter { c[$0] < 0 }.count]
    }

    /// Of equal complexity h before k before l, and the minus sign on the first.
    private static func simpler(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Bool {
        func key(_ c: SIMD3<Int>) -> [Int] { complexity(c) + [0 - abs(c.x), 0 - abs(c.y), c.x, c.y, c.z] }
        return key(a).lexicographicallyPrecedes(key(b))
    }

    private static func expression(_ c: SIMD3<Int>, _ names: [String]) -> String {
        var text = ""
        for (number, name) in names.enumerated() where c[number] != 0 {
            let size = abs(c[number])
            text += (c[number] < 0 ? "-" : text.isEmpty ? "" : "+") + (size == 1 ? "" : "\(size)") + name
        }
        return text
    }
}
