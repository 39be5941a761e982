import Crystallography
import NumericalMethods

/// The lattices that contain another or are contained in it with a small index: what lines that are absent confuse.
package struct DerivativeLattices: Sendable {
    /// Largest index.
    package var index = 3

    package init() {}

    /// The lattice itself, its sublattices (larger cells) and superlattices (smaller cells); 1 + 2 · (7 + 13) of them.
    package func lattices(of primitive: Lattice) -> [Lattice] {
        var found = [primitive]
        for index in stride(from: 2, through: index, by: 1) {
            for basis in Self.hermiteForms(index) {
                found.append(Lattice(vectors: basis * primitive.vectors))
                found.append(Lattice(vectors: basis.inverse.transpose * primitive.vectors))
            }
        }
        return found
    }

    /// Bases of all sublattices of an index, as rows on the lattice's own.
    static func hermiteForms(_ index: Int) -> [Matrix3] {
        var forms: [Matrix3] = []
        for a in 1...index where index % a == 0 {
            for b in 1...(index / a) where (index / a) % b == 0 {
                let c = index / a / b
                for x in 0..<b {
                    for y in 0..<c {
                        for z in 0..<c {
                            forms.append(
                                Matrix3(
                                    rows: SIMD3(Double(a), Double(x), Double(y)),
                                    SIMD3(0, Double(b), Double(z)), SIMD3(0, 0, Double(c))))
                        }
                    }
                }
            }
        }
        return forms
    }
}
