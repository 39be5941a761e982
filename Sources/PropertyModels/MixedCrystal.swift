import Crystallography
import NumericalMethods

/// A crystal whose sites may be mixtures of elements: the argument of a property model.
public struct MixedCrystal: Sendable {
    /// Cell, positions and orbits.
    public var geometry: CrystalGeometry
    /// Shares of the elements 1–100 on each orbit, `mixtures[orbit × 100 + atomic number − 1]`; a pure element is a
    /// single 1.
    public var mixtures: [Double]
    /// Frozen; make it anew where the structure has moved far.
    public var neighbours: NeighbourList

    /// Elements of a mixture.
    public static let elementCount = 100

    /// Mixtures: for each orbit the share of each element, in rows that add to 1.
    public init(geometry: CrystalGeometry, mixtures: [Double], neighbours: NeighbourList) {
        self.geometry = geometry
        self.mixtures = mixtures
        self.neighbours = neighbours
    }

    /// Pure elements on the orbits, neighbours as they stand.
    public init(geometry: CrystalGeometry, elements: [Element], ties: TieMode) {
        self.init(
            geometry: geometry, mixtures: Self.mixtures(of: elements),
            neighbours: NeighbourList(geometry, ties: ties))
    }

    /// An ordered structure, each atom an orbit of its own.
    ///
    /// - Throws: `PropertyModelError.disorder` where elements share a site.
    public init(_ structure: CrystalStructure, ties: TieMode) throws(PropertyModelError) {
        var elements: [Element] = []
        guard !structure.sites.isEmpty else { throw .noAtoms }
        for (index, site) in structure.sites.enumerated() {
            guard site.occupants.count == 1, let occupant = site.occupants.first,
                abs(occupant.occupancy - 1) < 1e-6
            else { throw .disorder(atom: index) }
            guard occupant.species.element.atomicNumber <= Self.elementCount else {
                throw .unknownElement(symbol: occupant.species.element.symbol)
            }
            elements.append(occupant.species.element)
        }
        self.init(geometry: CrystalGeometry(structure), elements: elements, ties: ties)
    }

    /// Rows of pure elements.
    public static func mixtures(of elements: [Element]) -> [Double] {
        var result = [Double](repeating: 0, count: elements.count * elementCount)
        for (orbit, element) in elements.enumerated() where element.atomicNumber <= elementCount {
            result[index(orbit, element)] = 1
        }
        return result
    }

    /// Where an element's share on an orbit stands in `mixtures`.
    @inlinable package static func index(_ orbit: Int, _ element: Element) -> Int {
        orbit * elementCount + element.atomicNumber - 1
    }

    /// Å, one for each entry of `neighbours`.
    public var distances: [Double] {
        let vectors = geometry.lattice.vectors
        return geometry.positions.withUnsafeBufferPointer { positions in
            neighbours.entries.map { entry in
                guard entry.atom >= 0 else { return NeighbourList.paddingDistance }
                let target = geometry.representatives[Int(entry.target)]
                let f = positions[Int(entry.atom)] + SIMD3<Double>(entry.cell) - positions[target]
                return (f * vectors).length
            }
        }
    }

    /// From distances to positions and metric: d² = fᵀ G f.
    func gradient(mixtures: [Double], byDistance: [Double], distances: [Double]) -> PropertyGradient {
        let metric = geometry.lattice.metric
        var pulls = [SIMD3<Double>](repeating: .zero, count: geometry.positions.count)
        var dmetric = Matrix3.zero
        pulls.withUnsafeMutableBufferPointer { pulls in
            for (e, entry) in neighbours.entries.enumerated() where entry.atom >= 0 {
                let target = geometry.representatives[Int(entry.target)]
                let f =
                    geometry.positions[Int(entry.atom)] + SIMD3<Double>(entry.cell)
                    - geometry.positions[target]
                let factor = byDistance[e] / distances[e]
                let pull = factor * (metric * f)
                pulls[Int(entry.atom)] += pull
                pulls[target] -= pull
                let half = 0.5 * factor * f
                dmetric.rows.0 += half.x * f
                dmetric.rows.1 += half.y * f
                dmetric.rows.2 += half.z * f
            }
        }
        return PropertyGradient(mixtures: mixtures, positions: pulls, metric: dmetric)
    }
}
