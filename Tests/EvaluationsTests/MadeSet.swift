import CrystalFiles
import Crystallography
import Evaluations
import Foundation
import NumericalMethods
import Validation

/// A set made for the purpose: four structure types of twelve compounds, each in several disguises, wrong claims and
/// damaged records, with the verdict that each must get.
struct MadeSet {
    struct Line {
        var name: String
        var text: String
        /// The base structure; nil for a record that is none.
        var base: String?
        var passes: Bool
        /// Of the clauses that must fail; empty where it passes.
        var fails: Set<String> = []
    }

    private(set) var lines: [Line] = []
    /// Base structures that the reference holds: of every other compound.
    private(set) var reference: [Line] = []

    static let compounds = [
        "Na Cl", "Mg O", "Ca S", "Zn S", "Ga N", "K Br", "Cd Se", "Li F", "Ag I", "Al P", "Cs Cl", "Be O",
    ]

    init(seed: UInt64) throws {
        var random = RandomStream(seed: seed)
        for (place, compound) in Self.compounds.enumerated() {
            let elements = compound.split(separator: " ").compactMap { Element(symbol: $0) }
            for type in StructureType.allCases {
                let name = "\(compound.filter { $0 != " " })-\(type)"
                let structure = type.structure(elements[0], elements[1])
                let base = try line(name, structure, claim: type.number, base: name)
                lines.append(base)
                if place % 2 == 0 { reference.append(try line("known-\(name)", structure, base: name)) }
                for (word, other) in disguises(structure, &random) {
                    lines.append(try line("\(name)-\(word)", other, base: name))
                }
                if type == .rockSalt || type == .wurtzite {
                    var wrong = try line("\(name)-wrong", structure, claim: type.number - 1, base: name)
                    (wrong.passes, wrong.fails) = (false, ["symmetry"])
                    lines.append(wrong)
                }
            }
        }
        lines += try damaged()
        // In an order that says nothing: the first of several that are the same is the unique one.
        for k in lines.indices.reversed() { lines.swapAt(k, random.index(below: k + 1)) }
    }

    var text: String { lines.map(\.text).joined(separator: "\n") + "\n" }
    var referenceText: String { reference.map(\.text).joined(separator: "\n") + "\n" }

    enum StructureType: CaseIterable {
        case rockSalt, caesiumChloride, zincBlende, wurtzite

        var number: Int {
            switch self {
            case .rockSalt: 225
            case .caesiumChloride: 221
            case .zincBlende: 216
            case .wurtzite: 186
            }
        }

        /// With neighbours at the sum of the covalent radii.
        func structure(_ first: Element, _ second: Element) -> CrystalStructure {
            let bond = (first.covalentRadius ?? 1.5) + (second.covalentRadius ?? 1.5)
            let corners = [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
            func cubic(_ a: Double, _ own: [SIMD3<Double>], _ shift: SIMD3<Double>) -> CrystalStructure {
                CrystalStructure(
                    lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
                    sites: own.map { Site(first, at: $0) } + own.map { Site(second, at: $0 + shift) })
            }
            switch self {
            case .rockSalt: return cubic(2 * bond, corners, SIMD3(0.5, 0.5, 0.5))
            case .caesiumChloride:
                return cubic(2 * bond / 3.0.squareRoot(), [.zero], SIMD3(0.5, 0.5, 0.5))
            case .zincBlende: return cubic(4 * bond / 3.0.squareRoot(), corners, SIMD3(0.25, 0.25, 0.25))
            case .wurtzite:
                let a = bond * (8.0 / 3).squareRoot()
                let own = [SIMD3(1.0 / 3, 2.0 / 3, 0), SIMD3(2.0 / 3, 1.0 / 3, 0.5)]
                return CrystalStructure(
                    lattice: Lattice(
                        a: a, b: a, c: a * (8.0 / 3).squareRoot(), alpha: 90, beta: 90, gamma: 120),
                    sites: own.map { Site(first, at: $0) }
                        + own.map { Site(second, at: $0 + SIMD3(0, 0, 0.375)) })
            }
        }
    }

    /// The same crystal written otherwise: on other vectors, as a supercell, its atoms in another order about another
    /// origin, as its mirror image on a larger scale, with its atoms moved by some hundredths of an ångström.
    private func disguises(
        _ structure: CrystalStructure, _ random: inout RandomStream
    ) -> [(String, CrystalStructure)] {
        let lattice = structure.lattice
        let shear = Matrix3(
            rows: SIMD3(1, 0, 0), SIMD3(Double(random.index(below: 3)) - 1, 1, 0),
            SIMD3(1, Double(random.index(below: 3)) - 1, 1))
        var sheared = structure
        sheared.lattice = Lattice(vectors: shear * lattice.vectors)
        for k in sheared.sites.indices {
            sheared.sites[k].position = shear.transpose.inverse * structure.sites[k].position
        }
        let axis = random.index(below: 3)
        var factor = SIMD3(repeating: 1.0)
        factor[axis] = 2
        var step = SIMD3<Double>.zero
        step[axis] = 0.5
        let supercell = CrystalStructure(
            lattice: Lattice(vectors: Matrix3(diagonal: factor) * lattice.vectors),
            sites: structure.sites.flatMap { site in
                (0..<2).map { n -> Site in
                    var copy = site
                    copy.position = site.position / factor + Double(n) * step
                    return copy
                }
            })
        var permuted = structure
        for k in permuted.sites.indices.reversed() {
            permuted.sites.swapAt(k, random.index(below: k + 1))
        }
        let shift = SIMD3(random.uniform(), random.uniform(), random.uniform())
        for k in permuted.sites.indices { permuted.sites[k].position += shift }
        var mirrored = structure
        mirrored.lattice = Lattice(vectors: 1.03 * (lattice.vectors * Matrix3(diagonal: SIMD3(-1, 1, 1))))
        var noisy = structure
        for k in noisy.sites.indices {
            let move = SIMD3(random.normal(), random.normal(), random.normal()) * 0.03
            noisy.sites[k].position += lattice.fractional(move)
        }
        return [
            ("sheared", sheared), ("supercell", supercell), ("permuted", permuted), ("mirrored", mirrored),
            ("noisy", noisy),
        ]
    }

    private func line(
        _ name: String, _ structure: CrystalStructure, claim: Int? = nil, base: String
    ) throws -> Line {
        let content = try StructureJSONFile.serialise([structure])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let claimed = claim.map { ", \"spacegroup.number\": \($0)" } ?? ""
        return Line(
            name: name, text: "{\"material_id\": \"\(name)\"\(claimed), \"structure\": \(content)}",
            base: base,
            passes: true)
    }

    private func damaged() throws -> [Line] {
        let sodium = StructureType.caesiumChloride.structure(
            try element("Rb"), try element("I"))
        var empty = sodium
        empty.lattice = Lattice(a: 300, b: 300, c: 300, alpha: 90, beta: 90, gamma: 90)
        var crowded = sodium
        crowded.sites[1].position = SIMD3(0.1, 0, 0)
        var slab = sodium
        slab.lattice = Lattice(
            a: sodium.lattice.lengths.x, b: sodium.lattice.lengths.x, c: 25, alpha: 90, beta: 90, gamma: 90)
        slab.sites[1].position = SIMD3(0.5, 0.5, 0.08)
        var damaged: [Line] = []
        for (name, structure, fails) in [
            ("empty", empty, ["density", "cell"]), ("crowded", crowded, ["contacts"]),
            ("slab", slab, ["cell"]),
        ] as [(String, CrystalStructure, Set<String>)] {
            var own = try line("damaged-\(name)", structure, base: "RbI-\(name)")
            (own.passes, own.fails) = (false, fails)
            damaged.append(own)
        }
        let whole = try line("damaged", sodium, base: "").text
        let words = [
            ("cut", String(whole.dropLast(30))), ("text", "no record at all"), ("object", "{\"a\": 1}"),
            ("element", whole.replacingOccurrences(of: "\"Rb\"", with: "\"Xq\"")),
            ("nan", whole.replacingOccurrences(of: "[0.5, 0.5, 0.5]", with: "[NaN, 0.5, 0.5]")),
            ("occupancy", whole.replacingOccurrences(of: "\"occu\": 1", with: "\"occu\": 1.9")),
        ]
        return damaged
            + words.map { name, text in
                Line(name: name, text: text, base: nil, passes: false, fails: ["readable"])
            }
    }

    private func element(_ symbol: String) throws -> Element {
        guard let element = Element(symbol: symbol) else { throw CocoaError(.featureUnsupported) }
        return element
    }
}
