import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// Whether a structure relaxed inside its group is a minimum outside it too: the softest mode of the energy's Hessian
/// among those that break the group, in the primitive cell (wave vector zero, and the six strains).
///
/// Lanczos iteration with Hessian–vector products from differences of gradients, kept orthogonal to the symmetric
/// directions and to translations.
public struct SaddleCheck: Sendable {
    /// Each costs two evaluations; the answer is exact where the broken directions are no more than this.
    public var maximumIterations = 40
    /// eV/Å²: softer than minus this is a saddle.
    public var threshold = 0.05
    /// Å, of the atom (or the strain) that moves most when the structure is shaken along a soft mode.
    public var shake = 0.1
    /// eV/atom: a mode that gains less is flat within the potential's noise. A thirtieth of the 0.03 eV/atom by which CHGNet errs, and as
    /// much as 12 K of heat.
    public var flatEnergy = 0.001
    /// Å, and so is one along which no atom moves further (a strain counted as in `softestCurvature`): light ions move as far at 0 K.
    public var flatDisplacement = 0.03
    /// How the structure is relaxed along an unstable mode.
    public var relaxation = Relaxation()

    /// The standard check.
    public init() {}

    /// What the check found.
    public struct Finding: Sendable, Hashable {
        /// Curvature of the softest symmetry-breaking mode, eV/Å² (strain counted as the displacement it causes).
        public var softestCurvature: Double
        /// Directions that break the group and are no translation.
        public var brokenDirections: Int
        /// Whether a mode outside of the group lowers the energy by more than the potential's noise.
        public var isSaddle: Bool
        /// Whether one does, and by less: nothing that the potential could tell from a minimum.
        public var isFlat: Bool
        /// After shaking along the mode and relaxing without symmetry, eV per atom: negative where a lower minimum is near.
        public var energyChangePerAtom: Double?
        /// Å: how far the atom (or the strain) that moves most went there.
        public var largestDisplacement: Double?
        /// The group into which that mode leads.
        public var lowerSpaceGroup: SpaceGroup?
        /// Evaluations that it took.
        public var evaluations: Int

        package init(
            softestCurvature: Double, brokenDirections: Int, isSaddle: Bool, isFlat: Bool = false,
            energyChangePerAtom: Double? = nil, largestDisplacement: Double? = nil,
            lowerSpaceGroup: SpaceGroup? = nil, evaluations: Int
        ) {
            self.softestCurvature = softestCurvature
            self.brokenDirections = brokenDirections
            self.isSaddle = isSaddle
            self.isFlat = isFlat
            self.largestDisplacement = largestDisplacement
            self.energyChangePerAtom = energyChangePerAtom
            self.lowerSpaceGroup = lowerSpaceGroup
            self.evaluations = evaluations
        }
    }

    /// Looks for a mode that lowers the energy of a relaxed structure outside of its group.
    public func check(_ relaxed: ReducedStructure, _ potential: some InteratomicPotential) throws -> Finding {
        try follow(relaxed, potential).finding
    }

    /// The same, and the structure into which an unstable mode leads: relaxed, in the primitive cell; nil where there is none.
    package func follow(
        _ relaxed: ReducedStructure, _ potential: some InteratomicPotential
    ) throws -> (finding: Finding, lower: CrystalStructure?) {
        let whole = relaxed.expanded()
        let found = try SymmetryFinder.find(in: whole, tolerance: GroupVerification.tolerance)
        let primitive = try SymmetryFinder.standardize(whole, found, cell: .primitive).structure
        let inPrimitive = try SymmetryFinder.find(in: primitive, tolerance: GroupVerification.tolerance)
        let free = try FreeDisplacements(primitive, operations: inPrimitive.operationsInInput)
        let count = free.brokenDimension
        var evaluations = 0
        func gradient(_ x: [Double]) throws -> [Double] {
            evaluations += 1
            let moved = free.structure(at: x)
            return free.gradient(try potential.evaluate(moved), of: moved)
        }
        guard count > 0 else {
            return (
                Finding(softestCurvature: .infinity, brokenDirections: 0, isSaddle: false, evaluations: 0),
                nil
            )
        }
        let (curvature, mode) = try softest(free, count: count, gradient)
        guard curvature < -threshold else {
            return (
                Finding(
                    softestCurvature: curvature, brokenDirections: count, isSaddle: false,
                    evaluations: evaluations), nil
            )
        }
        let start = try potential.evaluate(primitive).energy
        let scale = shake / free.largestDisplacement(mode)
        let shaken = free.structure(at: mode.map { $0 * scale })
        guard let triclinic = SpaceGroup(hallNumber: 1) else { throw EnergyError.noAtoms }
        let lower = try relaxation.relax(ReducedStructure(reducing: shaken, in: triclinic), potential)
        let change = (lower.last.evaluation.energy - start) / Double(primitive.sites.count)
        let symmetry = try SymmetryFinder.find(in: lower.structure.expanded(), tolerance: 0.02)
        let move = free.largestDisplacement(free.displacements(of: lower.structure.expanded()))
        let isFlat = change > -flatEnergy || move < flatDisplacement
        return (
            Finding(
                softestCurvature: curvature, brokenDirections: count, isSaddle: !isFlat, isFlat: isFlat,
                energyChangePerAtom: change, largestDisplacement: move, lowerSpaceGroup: symmetry.spaceGroup,
                evaluations: evaluations + lower.last.evaluations + 1),
            lower.structure.expanded()
        )
    }

    private func softest(
        _ free: FreeDisplacements, count: Int, _ gradient: ([Double]) throws -> [Double]
    ) throws -> (Double, [Double]) {
        var random = RandomStream(seed: 1)
        func normalized(_ v: [Double]) -> ([Double], Double) {
            let norm = QuasiNewtonMemory.dot(v, v).squareRoot()
            return (v.map { $0 / norm }, norm)
        }
        var (vector, _) = normalized(free.broken((0..<free.dimension).map { _ in random.normal() }))
        var basis: [[Double]] = []
        var images: [[Double]] = []
        var best = (value: Double.infinity, mode: vector)
        let step = 0.002
        while basis.count < min(maximumIterations, count) {
            basis.append(vector)
            let plus = try gradient(vector.map { $0 * step })
            let minus = try gradient(vector.map { -$0 * step })
            let image = free.broken(zip(plus, minus).map { ($0 - $1) / (2 * step) })
            images.append(image)
            // Rayleigh–Ritz on the whole basis; its rest is the next direction.
            let n = basis.count
            var matrix = DenseMatrix(rows: n, columns: n)
            for i in 0..<n {
                for j in 0..<n {
                    matrix[i, j] =
                        (QuasiNewtonMemory.dot(basis[i], images[j])
                            + QuasiNewtonMemory.dot(basis[j], images[i])) / 2
                }
            }
            let eigen = try SymmetricEigen(matrix)
            func combined(_ vectors: [[Double]]) -> [Double] {
                var sum = [Double](repeating: 0, count: free.dimension)
                for k in 0..<n { for i in sum.indices { sum[i] += eigen.vectors[k, 0] * vectors[k][i] } }
                return sum
            }
            best = (eigen.values[0], combined(basis))
            var rest = zip(combined(images), best.mode).map { $0 - eigen.values[0] * $1 }
            if QuasiNewtonMemory.dot(rest, rest).squareRoot() < 0.02 * max(1, abs(eigen.values[0])) && n > 3 {
                // A space that the first vector had no part in may hide a softer one: go on from a new direction once.
                rest = (0..<free.dimension).map { _ in random.normal() }
                if n > 2 * 8 { break }
            }
            rest = free.broken(rest)
            for _ in 0..<2 {
                for other in basis {
                    let overlap = QuasiNewtonMemory.dot(other, rest)
                    for i in rest.indices { rest[i] -= overlap * other[i] }
                }
            }
            let (next, norm) = normalized(rest)
            guard norm > 1e-9 else { break }
            vector = next
        }
        return best
    }
}

/// Displacements of all atoms of a cell and its strain, without symmetry, and what of them breaks a group.
private struct FreeDisplacements {
    let start: CrystalStructure
    /// 3 for each atom in Å, then xx, yy, zz, yz, xz, xy of the strain, orthonormal, times `strainLength`.
    let dimension: Int
    private let strainLength: Double
    private let actions: [(rotation: Matrix3, images: [Int])]
    let brokenDimension: Int

    private static let strains: [Matrix3] = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)].map { i, j in
        var m = Matrix3.zero
        m[i, j] = i == j ? 1 : 0.5.squareRoot()
        m[j, i] = m[i, j]
        return m
    }

    init(_ structure: CrystalStructure, operations: [AffineOperation]) throws {
        start = structure
        let count = structure.sites.count
        dimension = 3 * count + 6
        strainLength = (structure.lattice.volume / 20).squareRoot()
        let vectors = structure.lattice.vectors
        var actions: [(rotation: Matrix3, images: [Int])] = []
        for operation in operations {
            let rotation = vectors.transpose * Matrix3(operation.rotation) * vectors.inverse.transpose
            let images = structure.sites.map { site in
                let moved = operation.apply(to: site.position)
                return structure.sites.indices.min {
                    structure.lattice.length((structure.sites[$0].position - moved).nearestImage)
                        < structure.lattice.length((structure.sites[$1].position - moved).nearestImage)
                } ?? 0
            }
            actions.append((rotation, images))
        }
        self.actions = actions
        // The symmetric directions are counted by the projector's trace; translations among them once.
        var (trace, translations) = (0.0, 0.0)
        for action in actions {
            let turn = action.rotation.trace
            trace += turn * Double(action.images.indices.filter { action.images[$0] == $0 }.count)
            let square = action.rotation * action.rotation
            trace += (turn * turn + square.trace) / 2
            translations += turn
        }
        let order = Double(actions.count)
        let symmetric = Int((trace / order).rounded()) - Int((translations / order).rounded())
        brokenDimension = dimension - 3 - symmetric
    }

    func structure(at x: [Double]) -> CrystalStructure {
        var result = start
        var strain = Matrix3.identity
        for (k, tensor) in Self.strains.enumerated() {
            strain = strain + (x[dimension - 6 + k] / strainLength) * tensor
        }
        result.lattice = Lattice(vectors: start.lattice.vectors * strain)
        let inverse = start.lattice.vectors.inverse
        for i in result.sites.indices {
            result.sites[i].position += SIMD3(x[3 * i], x[3 * i + 1], x[3 * i + 2]) * inverse
        }
        return result
    }

    /// Where a structure of the same atoms stands; a common shift of all is none, nor is a rotation.
    func displacements(of structure: CrystalStructure) -> [Double] {
        let inverse = start.lattice.vectors.inverse
        let metric = inverse * structure.lattice.metric * inverse.transpose
        let strain = 0.5 * (metric - .identity)
        var moves = zip(structure.sites, start.sites).map {
            start.lattice.cartesian(($0.position - $1.position).nearestImage)
        }
        let mean = moves.reduce(.zero, +) / Double(max(1, moves.count))
        for i in moves.indices { moves[i] -= mean }
        return moves.flatMap { [$0.x, $0.y, $0.z] }
            + Self.strains.map { strain.contraction($0) * strainLength }
    }

    func gradient(_ evaluation: EnergyEvaluation, of structure: CrystalStructure) -> [Double] {
        // At fixed fractional coordinates dE = V σ : dL L⁻¹ on the right, with L = L₀ (1 + ε).
        let stretch = start.lattice.vectors.inverse * structure.lattice.vectors
        let volume = structure.lattice.volume / EnergyEvaluation.gigapascal
        let byStrain = volume * (stretch.inverse * evaluation.stress)
        return evaluation.forces.flatMap { force in
            let pulled = stretch * force
            return [-pulled.x, -pulled.y, -pulled.z]
        } + Self.strains.map { byStrain.contraction($0) / strainLength }
    }

    /// Å, of the atom that moves most; a strain counts as the displacement that it causes.
    func largestDisplacement(_ x: [Double]) -> Double {
        let strain = x.suffix(6)
        let atoms = start.sites.indices.map { SIMD3(x[3 * $0], x[3 * $0 + 1], x[3 * $0 + 2]).length }
        return max(atoms.max() ?? 0, QuasiNewtonMemory.dot(Array(strain), Array(strain)).squareRoot())
    }

    /// What is left of a direction without its symmetric part and without translations.
    func broken(_ x: [Double]) -> [Double] {
        let count = start.sites.count
        var displacements = (0..<count).map { SIMD3(x[3 * $0], x[3 * $0 + 1], x[3 * $0 + 2]) }
        let mean = displacements.reduce(.zero, +) / Double(count)
        for i in 0..<count { displacements[i] -= mean }
        var strain = Matrix3.zero
        for (k, tensor) in Self.strains.enumerated() { strain = strain + x[3 * count + k] * tensor }
        var sums = [SIMD3<Double>](repeating: .zero, count: count)
        var strainSum = Matrix3.zero
        for action in actions {
            for i in 0..<count { sums[action.images[i]] += action.rotation * displacements[i] }
            strainSum = strainSum + action.rotation * strain * action.rotation.transpose
        }
        let share = 1 / Double(actions.count)
        strain = strain - share * strainSum
        let left = (0..<count).flatMap { i in
            let d = displacements[i] - share * sums[i]
            return [d.x, d.y, d.z]
        }
        return left + Self.strains.map { strain.contraction($0) }
    }
}
