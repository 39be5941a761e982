import NumericalMethods

/// A Wyckoff position of a space group in a tabulated setting.
public struct WyckoffPosition: Sendable, Hashable {
    /// `a`, `b`, …, `z`, then `A`.
    public let letter: String
    /// Atoms in the setting's cell.
    public let multiplicity: Int
    /// Oriented site-symmetry symbol of the first triplet: `.m.`.
    public let siteSymmetry: String
    /// The first triplet x ↦ M x + v/24: column k is the direction that coordinate k reads.
    public let matrix: IntegerMatrix3
    /// v, over 24, in [0, 24).
    public let translation: SIMD3<Int>
    /// One operation of the group for each triplet, the identity first.
    public let images: [SymmetryOperation]

    /// Free coordinates, 0–3.
    public var degreesOfFreedom: Int { matrix.trace }

    /// `4c`
    public var symbol: String { "\(multiplicity)\(letter)" }

    /// The first coordinate triplet: `x,1/4,z`.
    public var formula: String { CoordinateTriplet.text(matrix: matrix, translation: translation) }

    /// All coordinate triplets of the cell, the first as `formula`; translations in [0, 1).
    public var triplets: [String] {
        images.map { image in
            let moved = SymmetryOperation(
                rotation: image.rotation * matrix,
                translation: image.rotation * translation &+ image.translation
            ).wrapped
            return CoordinateTriplet.text(matrix: moved.rotation, translation: moved.translation)
        }
    }

    /// The distance of x from the first triplet, up to a lattice vector, in fractions of the cell edges.
    func deviation(of x: SIMD3<Double>) -> SIMD3<Double> {
        let base = SIMD3<Double>(translation) / Double(SymmetryOperation.denominator)
        let difference = x - Matrix3(matrix) * x - base
        return difference.nearestImage
    }
}

extension SpaceGroup {
    /// The Wyckoff position of a site, and the operation of the group (lattice translation included) that carries
    /// the site on the position's first triplet, into the cell [0, 1)³.
    ///
    /// nil if the site's symmetry does not belong to this group.
    public func wyckoffPosition(
        of site: SiteSymmetry
    ) -> (position: WyckoffPosition, operation: SymmetryOperation)? {
        // A generic point of the site lies on one position only.
        let generic = site.position(zip(site.directions, [0.137_7, 0.219_3, 0.377_9]).map(\.1))
        let candidates = wyckoffPositions.filter {
            $0.multiplicity * site.order == order && $0.degreesOfFreedom == site.degreesOfFreedom
        }
        for operation in operations {
            let image = operation.apply(to: generic)
            for position in candidates {
                let deviation = position.deviation(of: image)
                guard (deviation * deviation).sum() < 1e-8 else { continue }
                return (position, into(cell: operation, site: site, position: position))
            }
        }
        return nil
    }

    /// The operation with the lattice translation that puts the site's image on the triplet as it is written.
    private func into(
        cell operation: SymmetryOperation, site: SiteSymmetry, position: WyckoffPosition
    ) -> SymmetryOperation {
        let image = operation.apply(to: site.position(site.directions.map { _ in 0.137_7 }))
        let base = SIMD3<Double>(position.translation) / Double(SymmetryOperation.denominator)
        let shift = -(image - Matrix3(position.matrix) * image - base).rounded(.toNearestOrEven)
        var result = operation
        result.translation &+= SIMD3<Int>(shift) &* SymmetryOperation.denominator
        return result
    }

    /// The Wyckoff letter of a site; empty if its symmetry does not belong to this group.
    public func letter(of site: SiteSymmetry) -> String { wyckoffPosition(of: site)?.position.letter ?? "" }

    /// The oriented symbol of a site's symmetry in this setting: `.m.`; it depends on which atom of an orbit stands
    /// for it.
    public func siteSymmetrySymbol(of site: SiteSymmetry) -> String {
        SiteSymmetrySymbol.symbol(of: site.rotations, directionSets: symmetryDirections) ?? site.symbol
    }

    /// The sets of symmetry directions that the places of its symbols stand for; none in triclinic and monoclinic
    /// groups.
    var symmetryDirections: [[SIMD3<Int>]] {
        SiteSymmetrySymbol.directionSets(
            system: crystalSystem, hasRhombohedralAxes: hasRhombohedralAxes, centring: centring)
    }

    /// The general position first, then as ITA lists them: by falling letter.
    public var wyckoffPositions: [WyckoffPosition] { record.wyckoffPositions }

    /// By letter.
    public func wyckoffPosition(letter: String) -> WyckoffPosition? {
        record.wyckoffPositions.first { $0.letter == letter }
    }
}

extension SiteSymmetry {
    /// The site's point group, without orientation: `mm2`. `SpaceGroup.siteSymmetrySymbol(of:)` orients it.
    public var symbol: String { PointGroup(rotations: rotations)?.symbol ?? "1" }
}
