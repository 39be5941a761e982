import Crystallography
import NumericalMethods

/// Finds the space group of a structure in any cell, and enforces it.
///
/// spglib names the group and the way to its setting, on a reduced cell; orbits, letters and idealised
/// coordinates come from the group's own exact operations, so they hold at tolerances of an ångström too.
public enum SymmetryFinder {
    /// The symmetry of a structure within a tolerance.
    ///
    /// - `tolerance`: Å.
    /// - `hallNumber`: the setting wanted; nil for the first one of the group found.
    public static func find(
        in structure: CrystalStructure, tolerance: Double, hallNumber: Int? = nil
    ) throws(SymmetryFinderError) -> FoundSymmetry {
        let input = try SymmetryInput(structure)
        return try input.find(tolerance: tolerance, hallNumber: hallNumber)
    }
}

/// A checked structure on a reduced cell, ready for any number of searches.
struct SymmetryInput: Sendable {
    let structure: CrystalStructure
    let geometry: PeriodicGeometry
    /// A number for each kind of site: what shares it, with which occupancies.
    let kinds: [Int]
    let closest: Double
    /// The closest two atoms of one kind.
    let closestOfKind: (first: Int, second: Int, distance: Double)?
    /// The cell that spglib sees: the input's own unless that is sheared. (Among equivalent origins spglib's choice
    /// depends on the cell, and users compare with what it says of theirs.)
    private let searchLattice: Lattice
    private let searchPositions: [SIMD3<Double>]
    /// x_search = toSearch · x.
    private let toSearch: Matrix3

    /// Two atoms nearer than this (Å) stand on one place.
    static let coincidence = 1e-3
    /// Atoms from which on the lattice of translations is sought before spglib is called.
    private static let largeCell = 100
    /// |a||b||c|/V up to which a cell counts as not sheared.
    private static let tolerableDefect = 3.0

    init(_ structure: CrystalStructure) throws(SymmetryFinderError) {
        guard !structure.sites.isEmpty else { throw .noAtoms }
        guard structure.lattice.vectors.frobeniusNorm.isFinite else { throw .notFinite(atom: nil) }
        for (index, site) in structure.sites.enumerated() where !(site.position.length < 1e6) {
            throw .notFinite(atom: index)
        }
        let lengths = structure.lattice.lengths
        guard lengths.min() > 1e-3, lengths.max() < 1e6, structure.lattice.volume > 1e-3 else {
            throw .zeroVolume
        }
        self.structure = structure
        geometry = PeriodicGeometry(structure.lattice)
        let reduced = geometry.reduction.lattice
        let edges = reduced.lengths
        guard reduced.volume > 1e-4 * edges.x * edges.y * edges.z else { throw .zeroVolume }
        guard let inverse = geometry.reduction.transformation.inverse else { throw .zeroVolume }
        let toReduced = Matrix3(inverse).transpose
        let reducedPositions = structure.sites.map { (toReduced * $0.position).wrapped }
        let isSheared = lengths.x * lengths.y * lengths.z > Self.tolerableDefect * structure.lattice.volume
        searchLattice = isSheared ? reduced : structure.lattice
        searchPositions = isSheared ? reducedPositions : structure.sites.map { $0.position.wrapped }
        toSearch = isSheared ? toReduced : .identity
        var numbers: [SiteContent: Int] = [:]
        let numbering = structure.sites.map { site in
            let content = SiteContent(site)
            let number = numbers[content] ?? numbers.count
            numbers[content] = number
            return number
        }
        kinds = numbering
        let metric = PeriodicMetric(reduced)
        if let pair = metric.closestPair(reducedPositions) {
            guard pair.distance >= Self.coincidence else {
                throw .coincidingAtoms(pair.first, pair.second, distance: pair.distance)
            }
            closest = pair.distance
        } else {
            closest = .infinity
        }
        var nearest: (first: Int, second: Int, distance: Double)?
        var membersOfKind = [[Int]](repeating: [], count: numbers.count)
        for (atom, kind) in numbering.enumerated() { membersOfKind[kind].append(atom) }
        for members in membersOfKind {
            guard let pair = metric.closestPair(members.map { reducedPositions[$0] }),
                pair.distance < nearest?.distance ?? .infinity
            else { continue }
            nearest = (members[pair.first], members[pair.second], pair.distance)
        }
        closestOfKind = nearest
    }

    func find(tolerance: Double, hallNumber: Int?) throws(SymmetryFinderError) -> FoundSymmetry {
        guard tolerance > 0, tolerance.isFinite else { throw .toleranceNotPositive(tolerance) }
        if let hallNumber, !(1...530).contains(hallNumber) { throw .unknownHallNumber(hallNumber) }
        if let pair = closestOfKind, pair.distance <= tolerance {
            throw .toleranceTooLarge(
                tolerance: tolerance, atoms: (pair.first, pair.second), distance: pair.distance)
        }
        let translations =
            structure.sites.count < Self.largeCell
            ? nil
            : TranslationSearch(
                positions: searchPositions, kinds: kinds, lattice: searchLattice, tolerance: tolerance)
        guard let dataset = dataset(translations, tolerance: tolerance, hallNumber: hallNumber) else {
            if let hallNumber,
                let other = self.dataset(translations, tolerance: tolerance, hallNumber: nil)
            {
                throw .otherGroup(
                    found: other.number, symbol: SpaceGroup(hallNumber: other.hallNumber)?.symbol ?? "",
                    askedHallNumber: hallNumber, tolerance: tolerance)
            }
            throw .notFound(tolerance: tolerance)
        }
        guard let group = SpaceGroup(hallNumber: dataset.hallNumber) else {
            throw .unknownHallNumber(dataset.hallNumber)
        }
        if let hallNumber, hallNumber != dataset.hallNumber {
            throw .otherGroup(
                found: dataset.number, symbol: group.symbol, askedHallNumber: hallNumber, tolerance: tolerance
            )
        }
        guard
            let found = FoundSymmetry(
                self, dataset, group, tolerance: tolerance, toSearch: toSearch, translations: translations)
        else {
            throw .inconsistent(tolerance: tolerance, spaceGroup: group.symbol)
        }
        return found
    }

    /// What spglib says, letters and symbols by atom, `transformation` from the cell searched.
    private func dataset(
        _ translations: TranslationSearch?, tolerance: Double, hallNumber: Int?
    ) -> SpglibDataset? {
        guard let small = translations?.small else {
            return SpglibEdge.dataset(
                lattice: searchLattice, positions: searchPositions,
                types: Self.types(searchPositions, kinds, searchLattice, tolerance), tolerance: tolerance,
                hallNumber: hallNumber)
        }
        // Reduced where it is sheared: x_small = B⁻ᵀ x with the rows of B its vectors.
        var basis = small.basis
        var lattice = Lattice(vectors: basis * searchLattice.vectors)
        let edges = lattice.lengths
        if edges.x * edges.y * edges.z > Self.tolerableDefect * lattice.volume {
            let reduction = LatticeReduction(lattice)
            basis = Matrix3(reduction.transformation) * basis
            lattice = reduction.lattice
        }
        var change = basis.transpose.inverse
        for row in 0..<3 { change[row] = change[row].rounded(.toNearestOrEven) }
        let positions = small.positions.map { (change * $0).wrapped }
        return SpglibEdge.dataset(
            lattice: lattice, positions: positions,
            types: Self.types(positions, small.representatives.map { kinds[$0] }, lattice, tolerance),
            tolerance: tolerance, hallNumber: hallNumber
        )?.spread(over: small.atoms, change)
    }

    /// What spglib is to tell apart: in a large cell the surroundings too, which spares it most candidates.
    private static func types(
        _ positions: [SIMD3<Double>], _ kinds: [Int], _ lattice: Lattice, _ tolerance: Double
    ) -> [Int32] {
        let told =
            positions.count < largeCell
            ? kinds
            : Surroundings(of: positions, kinds: kinds, lattice: lattice, tolerance: tolerance).kinds
        return told.map { Int32($0 + 1) }
    }
}

/// What sits on a site: two sites are exchanged by symmetry only where these agree.
struct SiteContent: Hashable {
    private let occupants: Set<Share>

    private struct Share: Hashable {
        let species: Species
        /// In units of 1e-4.
        let occupancy: Int
    }

    init(_ site: Site) {
        occupants = Set(
            site.occupants.map { Share(species: $0.species, occupancy: Int(($0.occupancy * 1e4).rounded())) })
    }
}

extension FoundSymmetry {
    init?(
        _ input: SymmetryInput, _ dataset: SpglibDataset, _ group: SpaceGroup, tolerance: Double,
        toSearch: Matrix3, translations: TranslationSearch?
    ) {
        // The input's vectors on the setting's are halves or thirds of integers; spglib hands them on with the
        // distortion of the lattice.
        let raw = 6 * (dataset.transformation * toSearch)
        var change = Matrix3.zero
        for row in 0..<3 { change[row] = raw[row].rounded(.toNearestOrEven) / 6 }
        let rounding = 6 * change - raw
        let cells = abs(change.determinant) * Double(group.centring.vectors.count)
        guard rounding.frobeniusNorm.isFinite, cells > 0.5, abs(cells - cells.rounded()) < 1e-6 else {
            return nil
        }
        let lattice = Lattice(vectors: change.inverse.transpose * input.structure.lattice.vectors)
        let ideal = Self.idealized(lattice, group)
        var shift = dataset.originShift
        func project() -> GroupProjection? {
            GroupProjection(
                kinds: input.kinds, points: input.structure.sites.map { change * $0.position + shift },
                lattice: ideal, group: group, copies: Int(cells.rounded()), closest: input.closest,
                translations: translations)
        }
        guard var projection = project() else { return nil }
        // A rigid shift of all atoms costs nothing: the origin goes where the mean displacement vanishes, and on
        // a 24th of the input's cell where one is as near as the tolerance allows.
        var drift = SIMD3<Double>.zero
        for (image, site) in zip(projection.images, input.structure.sites) {
            drift += image - (change * site.position + shift)
        }
        drift /= Double(input.kinds.count)
        let own = change.inverse * (shift + drift)
        let offGrid = change * ((own * 24).rounded(.toNearestOrEven) / 24 - own)
        let snap = offGrid - Self.polarPart(offGrid, group)
        if ideal.length(snap) < min(tolerance, 1e-3) { drift += snap }
        shift += drift
        if ideal.length(drift) > 1e-9 {
            guard let again = project() else { return nil }
            projection = again
        }
        let moves = zip(projection.images, input.structure.sites).map {
            ideal.length($0 - (change * $1.position + shift))
        }
        spaceGroup = group
        self.tolerance = tolerance
        deviation = projection.deviation
        transformation = change
        originShift = shift
        idealLattice = ideal
        idealPositions = projection.images
        translationClasses = projection.classes
        orbits = projection.classes.map { projection.orbits[$0] }
        maxDisplacement = moves.max() ?? 0
        rmsDisplacement = (moves.reduce(0) { $0 + $1 * $1 } / Double(max(moves.count, 1))).squareRoot()
        var positionOfOrbit: [Int: WyckoffPosition] = [:]
        var seen: Set<Int> = []
        for (index, orbit) in projection.orbits.enumerated() where seen.insert(orbit).inserted {
            let site = SiteSymmetry(
                of: projection.positions[index], in: group.operations, lattice: ideal, tolerance: 1e-4)
            positionOfOrbit[orbit] = group.wyckoffPosition(of: site)?.position
        }
        letters = zip(orbits, dataset.wyckoffs).map { orbit, number in
            positionOfOrbit[orbit]?.letter ?? Self.letter(number)
        }
        siteSymmetrySymbols = zip(orbits, dataset.siteSymmetrySymbols).map { orbit, symbol in
            positionOfOrbit[orbit]?.siteSymmetry ?? symbol
        }
        // Atoms that the projection pushes into one another were no distinct atoms of this group.
        guard
            input.closest == .infinity || Self.closest(projection.images, change, ideal) > 0.5 * input.closest
        else { return nil }
    }

    private static func letter(_ number: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzA")
        return alphabet.indices.contains(number) ? String(alphabet[number]) : ""
    }

    private static func closest(_ images: [SIMD3<Double>], _ change: Matrix3, _ ideal: Lattice) -> Double {
        let inverse = change.inverse
        let geometry = PeriodicGeometry(Lattice(vectors: change.transpose * ideal.vectors))
        return geometry.closestPair(images.map { inverse * $0 })?.distance ?? .infinity
    }

    /// The mean of a vector's images under the rotations: what lies along polar directions.
    private static func polarPart(_ v: SIMD3<Double>, _ group: SpaceGroup) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for operation in group.operations { sum += operation.rotation * v }
        return sum / Double(group.order)
    }

    /// The lattice with the metric averaged over the group (RᵀGR = G), turned as the given one.
    static func idealized(_ lattice: Lattice, _ group: SpaceGroup) -> Lattice {
        let metric = lattice.metric
        var sum = Matrix3.zero
        let rotations = group.operations.prefix(group.order / group.centring.vectors.count)
        for operation in rotations {
            let r = Matrix3(operation.rotation)
            sum = sum + r.transpose * metric * r
        }
        let upright = Lattice(metric: (1 / Double(rotations.count)) * sum).vectors
        // The rotation next to the deformation upright⁻¹ · lattice, by Newton's iteration for the polar factor.
        var turn = upright.inverse * lattice.vectors
        for _ in 0..<100 {
            let next = 0.5 * (turn + turn.inverse.transpose)
            let change = (next - turn).frobeniusNorm
            turn = next
            if change < 1e-15 { break }
        }
        return Lattice(vectors: upright * turn)
    }
}
