import NumericalMethods

/// A Minkowski-reduced basis of a lattice: the three shortest independent vectors, by Semaev's greedy steps
/// (Nguyen & Stehlé, ACM Trans. Algorithms 5 (2009) 46).
///
/// In it the shortest vector between two points is among the 27 images around the nearest one.
package struct LatticeReduction: Sendable, Hashable {
    /// Lengths ascending, right- or left-handed as the input.
    package let lattice: Lattice
    /// Rows: the reduced vectors on the input's vectors; determinant ±1.
    package let transformation: IntegerMatrix3

    package init(_ input: Lattice) {
        guard input.volume.isFinite, input.volume > 0 else {
            (lattice, transformation) = (input, .identity)
            return
        }
        var vectors = input.vectors
        var transform = IntegerMatrix3.identity
        func subtract(_ k: Int, _ multiples: [(Int, Int)]) {
            for (j, n) in multiples where n != 0 {
                vectors[k] -= Double(n) * vectors[j]
                transform[k] = transform[k] &- transform[j] &* n
            }
        }
        func swapRows(_ i: Int, _ j: Int) {
            (vectors[i], vectors[j]) = (vectors[j], vectors[i])
            (transform[i], transform[j]) = (transform[j], transform[i])
        }
        for _ in 0..<200 {
            for (i, j) in [(0, 1), (1, 2), (0, 1)] where vectors[j].length < vectors[i].length - 1e-12 {
                swapRows(i, j)
            }
            let n01 = Int((vectors[0].dot(vectors[1]) / vectors[0].dot(vectors[0])).rounded())
            if n01 != 0, (vectors[1] - Double(n01) * vectors[0]).length < vectors[1].length - 1e-10 {
                subtract(1, [(0, n01)])
                continue
            }
            guard let (p, q) = Self.closest(vectors) else { break }
            subtract(2, [(0, p), (1, q)])
        }
        if transform.determinant < 0 { (vectors, transform) = (Matrix3.zero - vectors, -transform) }
        lattice = Lattice(vectors: vectors)
        transformation = transform
    }

    /// The multiples of the two shorter vectors that shorten the third the most; nil where none does.
    private static func closest(_ v: Matrix3) -> (Int, Int)? {
        let (a, b, ab) = (v[0].dot(v[0]), v[1].dot(v[1]), v[0].dot(v[1]))
        let (ca, cb) = (v[2].dot(v[0]), v[2].dot(v[1]))
        let determinant = a * b - ab * ab
        guard determinant > 0 else { return nil }
        let (x, y) = ((ca * b - cb * ab) / determinant, (cb * a - ca * ab) / determinant)
        var best: (Int, Int)?
        var shortest = v[2].length - 1e-10
        for p in Int(x.rounded(.down))...Int(x.rounded(.down)) + 1 {
            for q in Int(y.rounded(.down))...Int(y.rounded(.down)) + 1 where p != 0 || q != 0 {
                let length = (v[2] - Double(p) * v[0] - Double(q) * v[1]).length
                if length < shortest {
                    shortest = length
                    best = (p, q)
                }
            }
        }
        return best
    }
}

extension CrystalStructure {
    /// The same crystal on a Minkowski-reduced basis.
    public var reduced: CrystalStructure {
        let reduction = LatticeReduction(lattice)
        // r = Lᵀ f with L′ = T L: f′ = T⁻ᵀ f.
        guard let inverse = reduction.transformation.inverse else { return self }
        var copy = self
        copy.lattice = reduction.lattice
        for i in sites.indices { copy.sites[i].position = (inverse.transpose * sites[i].position).wrapped }
        return copy
    }
}
