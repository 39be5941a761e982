import Energies
import NumericalMethods
import Testing

@Suite("elastic constants") struct ElasticConstantsTests {
    private static func cubic(_ c11: Double, _ c12: Double, _ c44: Double) throws -> ElasticConstants {
        var c = DenseMatrix(rows: 6, columns: 6)
        for i in 0..<3 {
            for j in 0..<3 { c[i, j] = i == j ? c11 : c12 }
            c[i + 3, i + 3] = c44
        }
        return try ElasticConstants(stiffness: c)
    }

    /// Copper at room temperature (Simmons & Wang, 1971): 168.4, 121.4, 75.4 GPa; the averages by the formulas for cubic crystals.
    @Test("averages of a cubic crystal are those of the formulas, a body of equal shears is isotropic")
    func averages() throws {
        let copper = try Self.cubic(168.4, 121.4, 75.4)
        let (bulk, voigt) = ((168.4 + 2 * 121.4) / 3, (168.4 - 121.4 + 3 * 75.4) / 5)
        let reuss = 5 * (168.4 - 121.4) * 75.4 / (4 * 75.4 + 3 * (168.4 - 121.4))
        let (own, lower) = (copper.voigt, try #require(copper.reuss))
        #expect(abs(own.bulk - bulk) < 1e-9 && abs(lower.bulk - bulk) < 1e-9)
        #expect(abs(own.shear - voigt) < 1e-9 && abs(lower.shear - reuss) < 1e-9)
        let hill = try #require(copper.hill)
        #expect(
            abs(hill.shear - 47.3) < 0.1 && abs(hill.young - 127.3) < 0.5 && abs(hill.poisson - 0.346) < 0.002
        )
        #expect(abs(try #require(copper.universalAnisotropy) - 5 * (voigt / reuss - 1)) < 1e-9)
        let glass = try Self.cubic(200, 80, 60)
        #expect(abs(try #require(glass.universalAnisotropy)) < 1e-9)
        #expect(abs(try #require(glass.hill).poisson - 80.0 / 280) < 1e-9)
    }

    @Test("compliance is the inverse; eigenvalues are C11 + 2 C12, C11 − C12 and 2 C44")
    func inverse() throws {
        let copper = try Self.cubic(168.4, 121.4, 75.4)
        let product = copper.stiffness * (try #require(copper.compliance))
        for (a, b) in zip(product.elements, DenseMatrix.identity(6).elements) { #expect(abs(a - b) < 1e-12) }
        for (a, b) in zip(copper.eigenvalues, [47, 47, 150.8, 150.8, 150.8, 411.2]) {
            #expect(abs(a - b) < 1e-9)
        }
    }

    @Test("a crystal that yields to one shear is not stable and has no lower bound", arguments: [-5.0, 0])
    func stability(c44: Double) throws {
        let soft = try Self.cubic(100, 50, c44)
        #expect(!soft.isStable && soft.reuss == nil && soft.hill == nil && soft.universalAnisotropy == nil)
        #expect((soft.compliance == nil) == (c44 == 0))
        #expect(!(try Self.cubic(50, 60, 40)).isStable)
        #expect(try Self.cubic(60, 50, 40).isStable)
    }

    @Test("a rotation changes neither averages nor eigenvalues; Kelvin's matrix of a rotation is orthogonal")
    func rotation() throws {
        let third = 1.0 / 3
        let turn = Matrix3(
            rows: SIMD3(2, -1, 2) * third, SIMD3(2, 2, -1) * third, SIMD3(-1, 2, 2) * third)
        let square = KelvinNotation.rotation(turn) * KelvinNotation.rotation(turn).transpose
        for (a, b) in zip(square.elements, DenseMatrix.identity(6).elements) { #expect(abs(a - b) < 1e-12) }
        let copper = try Self.cubic(168.4, 121.4, 75.4)
        let turned = try copper.rotated(by: turn)
        #expect(abs(turned.stiffness[0, 0] - copper.stiffness[0, 0]) > 1)
        #expect(abs(turned.voigt.shear - copper.voigt.shear) < 1e-9)
        #expect(abs(try #require(turned.reuss).shear - (try #require(copper.reuss).shear)) < 1e-9)
        for (a, b) in zip(turned.eigenvalues, copper.eigenvalues) { #expect(abs(a - b) < 1e-9) }
    }

    @Test("a matrix of another size or of no numbers is refused")
    func refusal() {
        #expect(throws: LinearAlgebraError.self) {
            try ElasticConstants(stiffness: DenseMatrix(rows: 3, columns: 3))
        }
        #expect(throws: LinearAlgebraError.self) {
            try ElasticConstants(stiffness: DenseMatrix(rows: 6, columns: 6, repeating: .nan))
        }
    }
}
