import NumericalMethods
import Symmetry
import Testing

@Suite("Centrings") struct CentringTests {
    @Test("the primitive basis has the volume of one lattice point", arguments: Centring.allCases)
    func volume(centring: Centring) {
        #expect(abs(centring.primitiveBasis.determinant - 1 / Double(centring.vectors.count)) < 1e-12)
    }

    @Test(
        "its vectors are of the lattice, and every lattice vector is whole on it",
        arguments: Centring.allCases)
    func sameLattice(centring: Centring) {
        let basis = centring.primitiveBasis
        let translations = centring.vectors.map {
            SIMD3<Double>($0) / Double(SymmetryOperation.denominator)
        }
        for column in 0..<3 {
            let vector = SIMD3(basis[0, column], basis[1, column], basis[2, column])
            let isOfLattice = translations.contains { (vector - $0).nearestImage.length < 1e-9 }
            #expect(isOfLattice)
        }
        for translation in translations {
            let coefficients = basis.inverse * translation
            #expect(coefficients.nearestImage.length < 1e-9)
        }
    }

    @Test("the vectors form a group modulo the cell", arguments: Centring.allCases)
    func group(centring: Centring) {
        let n = SymmetryOperation.denominator
        let all = Set(centring.vectors)
        for a in all {
            for b in all { #expect(all.contains((a &+ b) % SIMD3(repeating: n))) }
        }
    }
}
