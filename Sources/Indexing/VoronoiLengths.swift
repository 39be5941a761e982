import Crystallography
import NumericalMethods

extension Lattice {
    /// Å, ascending: of each of the seven classes of the lattice modulo its double the shortest vector. They do not depend on the
    /// basis, and tell lattices apart (Conway & Sloane, Proc. R. Soc. Lond. A 436 (1992) 55).
    ///
    /// - Precondition: the basis is Minkowski-reduced.
    var voronoiLengths: [Double] {
        let classes = (1..<8).map { SIMD3($0 & 1, ($0 >> 1) & 1, ($0 >> 2) & 1) }
        return classes.map { parity in
            // Of a reduced basis the shortest has coefficients of −1, 0 and 1.
            let signs = [SIMD3(1, 1, 1), SIMD3(1, 1, -1), SIMD3(1, -1, 1), SIMD3(-1, 1, 1)]
            return signs.map { cartesian(SIMD3<Double>(parity &* $0)).length }.min() ?? 0
        }.sorted()
    }
}
