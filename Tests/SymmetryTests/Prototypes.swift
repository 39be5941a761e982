import Crystallography
import Foundation
import NumericalMethods

/// Structures written down from the literature, with their space-group numbers.
enum Prototypes {
    static let rutile = make(
        Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
        [
            ("Ti", 0, 0, 0), ("Ti", 0.5, 0.5, 0.5), ("O", 0.305, 0.305, 0), ("O", 0.695, 0.695, 0),
            ("O", 0.195, 0.805, 0.5), ("O", 0.805, 0.195, 0.5),
        ])
    static let diamond = make(
        Lattice(a: 5.431, b: 5.431, c: 5.431, alpha: 90, beta: 90, gamma: 90),
        [
            ("Si", 0, 0, 0), ("Si", 0, 0.5, 0.5), ("Si", 0.5, 0, 0.5), ("Si", 0.5, 0.5, 0),
            ("Si", 0.25, 0.25, 0.25), ("Si", 0.25, 0.75, 0.75), ("Si", 0.75, 0.25, 0.75),
            ("Si", 0.75, 0.75, 0.25),
        ])
    static let magnesium = make(
        Lattice(a: 3.209, b: 3.209, c: 5.211, alpha: 90, beta: 90, gamma: 120),
        [("Mg", 1.0 / 3, 2.0 / 3, 0.25), ("Mg", 2.0 / 3, 1.0 / 3, 0.75)])
    /// Miyake, Minato, Morikawa & Iwai, Am. Mineral. 63 (1978) 506, rounded.
    static let anglesite: CrystalStructure = {
        let general: [(String, Double, Double, Double)] = [
            ("Pb", 0.188, 0.25, 0.167), ("S", 0.063, 0.25, 0.684), ("O", 0.908, 0.25, 0.596),
            ("O", 0.194, 0.25, 0.543), ("O", 0.080, 0.026, 0.809),
        ]
        var atoms: [(String, Double, Double, Double)] = []
        for (symbol, x, y, z) in general {
            let images = [
                (x, y, z), (0.5 - x, -y, z + 0.5), (-x, y + 0.5, -z), (x + 0.5, 0.5 - y, 0.5 - z),
                (-x, -y, -z), (x + 0.5, y, 0.5 - z), (x, 0.5 - y, z), (0.5 - x, y + 0.5, z + 0.5),
            ]
            for image in y == 0.25 ? Array(images.prefix(4)) : images {
                atoms.append((symbol, image.0, image.1, image.2))
            }
        }
        return make(Lattice(a: 8.482, b: 5.398, c: 6.959, alpha: 90, beta: 90, gamma: 90), atoms)
    }()
    /// Baddeleyite, P2₁/c.
    static let baddeleyite: CrystalStructure = {
        var atoms: [(String, Double, Double, Double)] = []
        for (symbol, x, y, z) in [
            ("Zr", 0.2754, 0.0395, 0.2083), ("O", 0.07, 0.3317, 0.3447), ("O", 0.4496, 0.7569, 0.4792),
        ] {
            atoms += [
                (symbol, x, y, z), (symbol, -x, -y, -z), (symbol, -x, y + 0.5, 0.5 - z),
                (symbol, x, 0.5 - y, z + 0.5),
            ]
        }
        return make(Lattice(a: 5.1505, b: 5.2116, c: 5.3173, alpha: 90, beta: 99.23, gamma: 90), atoms)
    }()

    static let all: [(CrystalStructure, Int)] = [
        (rutile, 136), (diamond, 227), (magnesium, 194), (anglesite, 62), (baddeleyite, 14),
    ]

    static func make(_ lattice: Lattice, _ atoms: [(String, Double, Double, Double)]) -> CrystalStructure {
        CrystalStructure(
            lattice: lattice,
            sites: atoms.compactMap { symbol, x, y, z in
                Element(symbol: symbol).map { Site($0, at: SIMD3(x, y, z).wrapped) }
            })
    }

    /// A product of three elementary shears, two of them with entries up to `largest` each way.
    static func shear(_ random: inout RandomStream, largest: Int = 50) -> IntegerMatrix3 {
        func entry() -> Int { random.index(below: 2 * largest + 1) - largest }
        let upper = IntegerMatrix3(rows: SIMD3(1, entry(), entry()), SIMD3(0, 1, entry()), SIMD3(0, 0, 1))
        let lower = IntegerMatrix3(
            rows: SIMD3(1, 0, 0), SIMD3(random.index(below: 3) - 1, 1, 0),
            SIMD3(random.index(below: 3) - 1, random.index(below: 3) - 1, 1))
        return lower * upper
    }

    static func rotation(_ random: inout RandomStream) -> Matrix3 {
        let a = SIMD3(random.normal(), random.normal(), random.normal())
        let x = a / a.length
        let b = SIMD3(random.normal(), random.normal(), random.normal())
        let z = x.cross(b) / x.cross(b).length
        return Matrix3(rows: x, z.cross(x), z)
    }
}

extension CrystalStructure {
    /// The same crystal on other vectors, the rows of a unimodular matrix.
    func onBasis(_ basis: IntegerMatrix3) -> CrystalStructure {
        guard let inverse = basis.inverse else { return self }
        var result = self
        result.lattice = Lattice(vectors: Matrix3(basis) * lattice.vectors)
        for index in sites.indices {
            result.sites[index].position = (inverse.transpose * sites[index].position).wrapped
        }
        return result
    }

    /// A larger cell of the same crystal, its vectors the rows of the matrix.
    func supercell(_ basis: IntegerMatrix3) -> CrystalStructure {
        let change = Matrix3(basis).inverse.transpose
        var result = self
        result.lattice = Lattice(vectors: Matrix3(basis) * lattice.vectors)
        result.sites = []
        for site in sites {
            var images: [SIMD3<Double>] = []
            for i in -4...4 {
                for j in -4...4 {
                    for k in -4...4 {
                        let image = (change * (site.position + SIMD3(Double(i), Double(j), Double(k))))
                            .wrapped
                        if !images.contains(where: { ($0 - image).nearestImage.length < 1e-9 }) {
                            images.append(image)
                        }
                    }
                }
            }
            for image in images {
                var copy = site
                copy.position = image
                result.sites.append(copy)
            }
        }
        return result
    }
}
