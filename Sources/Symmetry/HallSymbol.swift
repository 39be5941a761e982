import NumericalMethods

/// A space-group symbol with an explicit origin (S. R. Hall 1981; ITB 2001, A1.4.2.3): it says exactly which
/// operations a setting has.
///
/// Understood: lattice letters P A B C I R S T F with `-` for a centre at the origin; rotations with screw
/// subscripts; axes x y z ' " * (`=` is `"`); translations a b c n u v w d; an origin shift `(h k l)` in
/// twelfths; and a change of basis `(x-y,x+y,z)`, which may be to another cell.
package struct HallSymbol: Sendable, Hashable {
    package let text: String
    /// All generators beside the lattice translations, the inversion last.
    package let generators: [SymmetryOperation]
    /// Lattice vectors of the centring, in [0, 1)³ over 24, zero first.
    package let centringVectors: [SIMD3<Int>]

    package init(_ text: some StringProtocol) throws(ParseError) {
        let parsed = try HallSymbolParser.parse(String(text))
        self.text = String(text)
        generators = parsed.generators
        centringVectors = parsed.centring
    }

    /// All operations: the generated coset representatives, then the same with each centring vector; wrapped,
    /// the identity first. nil if the generators do not close to a crystallographic group.
    package var operations: [SymmetryOperation]? {
        SymmetryGroup.generate(generators, centringVectors: centringVectors)
    }
}

/// Groups of operations modulo lattice translations.
enum SymmetryGroup {
    /// Dimino's coset extension; at most 48 representatives (the order of m-3m).
    static func generate(
        _ generators: [SymmetryOperation], centringVectors: [SIMD3<Int>]
    ) -> [SymmetryOperation]? {
        func reduced(_ operation: SymmetryOperation) -> SymmetryOperation {
            let images = centringVectors.map { vector in
                SymmetryOperation(
                    rotation: operation.rotation, translation: operation.translation &+ vector
                ).wrapped
            }
            return images.min { $0.translation.precedes($1.translation) } ?? operation.wrapped
        }
        var elements = [SymmetryOperation.identity]
        var known = Set(elements)
        for generator in generators where !known.contains(reduced(generator)) {
            let subgroup = elements
            var representatives = [generator.wrapped]
            var next = 0
            func append(_ representative: SymmetryOperation) {
                for element in subgroup {
                    let product = element.combined(with: representative)
                    elements.append(product.wrapped)
                    known.insert(reduced(product))
                }
            }
            append(representatives[0])
            while next < representatives.count {
                guard elements.count <= 48 else { return nil }
                for step in generators {
                    let product = representatives[next].combined(with: step)
                    if !known.contains(reduced(product)) {
                        representatives.append(product.wrapped)
                        append(product)
                    }
                }
                next += 1
            }
        }
        guard elements.count <= 48, Set(elements.map(\.rotation)).count == elements.count else { return nil }
        return centringVectors.flatMap { vector in
            elements.map {
                SymmetryOperation(rotation: $0.rotation, translation: $0.translation &+ vector).wrapped
            }
        }
    }
}

extension SIMD3 where Scalar == Int {
    /// Lexicographic order.
    func precedes(_ other: SIMD3<Int>) -> Bool {
        (x, y, z) < (other.x, other.y, other.z)
    }
}
