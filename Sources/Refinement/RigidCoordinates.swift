import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// What a refinement's free parameters are to its model where groups are rigid: coordinates of their atoms follow from the groups'
/// parameters and the cell's.
package struct RigidCoordinates {
    /// Of the refinement.
    let free: [String]
    /// Of the model: the free ones that are its own, then all coordinates of the groups.
    package let own: [String]
    private let model: PowderModel
    private let bodies: [RigidBody]
    /// Of `own`, the free one that each is.
    private let sources: [Int]
    /// Of each group its free parameters: which of `free`, and which of the group's.
    private let moving: [[(free: Int, own: Int)]]
    /// Of each group the free parameters of its cell.
    private let cells: [[(free: Int, place: Int)]]

    /// - Throws: where a coordinate of a group's atom is free on its own, or two groups share a name or an atom.
    package init(_ bodies: [RigidBody], _ model: PowderModel, free: [String]) throws(RigidGroupError) {
        (self.bodies, self.model, self.free) = (bodies, model, free)
        var moved: [String] = []
        var names: Set<String> = []
        for body in bodies {
            guard names.insert(body.group.name).inserted else {
                throw .taken(group: body.group.name, by: body.group.name)
            }
            for name in body.parameterNames where model[name] != nil {
                throw .taken(group: "the model", by: name)
            }
            let prefix = Self.prefix(ofPhase: body.phase, in: model)
            for name in body.coordinateNames(in: model.phases[body.phase].structure).map({ prefix + $0 }) {
                guard !moved.contains(name) else { throw .taken(group: body.group.name, by: name) }
                if free.contains(name) {
                    throw .ownCoordinate(name, group: body.group.name, free: body.parameterNames)
                }
                moved.append(name)
            }
        }
        moving = bodies.map { body in
            body.parameterNames.enumerated().compactMap { k, name in
                free.firstIndex(of: name).map { ($0, k) }
            }
        }
        let rigid = Set(bodies.flatMap(\.parameterNames))
        sources = free.indices.filter { !rigid.contains(free[$0]) }
        own = sources.map { free[$0] } + moved
        cells = bodies.map { body in
            let prefix = Self.prefix(ofPhase: body.phase, in: model)
            return model.phases[body.phase].structure.latticeParameters.names.enumerated().compactMap {
                place, name in free.firstIndex(of: prefix + name).map { ($0, place) }
            }
        }
    }

    /// What stands before the names of a phase's parameters.
    private static func prefix(ofPhase phase: Int, in model: PowderModel) -> String {
        let scales = model.parameters.map(\.name).filter { $0 == "scale" || $0.hasSuffix(".scale") }
        return String(scales[phase].dropLast("scale".count))
    }

    /// The groups' parameters among the free ones, by their index.
    var parameters: [Int: Parameter] {
        var result: [Int: Parameter] = [:]
        for (body, moving) in zip(bodies, moving) {
            let all = body.parameters(in: model.phases[body.phase].structure)
            for entry in moving { result[entry.free] = all[entry.own] }
        }
        return result
    }

    /// Whether a free parameter turns a group.
    func isTurn(_ free: Int) -> Bool {
        zip(bodies, moving).contains { body, moving in
            moving.contains { $0.free == free && $0.own >= body.shiftCount }
        }
    }

    /// Values of `own`.
    package func values(at x: [Double]) -> [Double] {
        sources.map { x[$0] } + bodies.indices.flatMap { coordinates($0, at: x) }
    }

    /// The groups where they are at the end.
    func bodies(at x: [Double]) -> [RigidBody] {
        bodies.indices.map { index in
            var body = bodies[index]
            body.values = values(of: index, at: x)
            return body
        }
    }

    private func values(of index: Int, at x: [Double]) -> [Double] {
        var values = bodies[index].values
        for entry in moving[index] { values[entry.own] = x[entry.free] }
        return values
    }

    private func coordinates(_ index: Int, at x: [Double]) -> [Double] {
        var structure = model.phases[bodies[index].phase].structure
        for entry in cells[index] { structure.latticeParameters.values[entry.place] = x[entry.free] }
        return bodies[index].coordinates(at: values(of: index, at: x), in: structure)
    }

    /// ∂own/∂free. The groups' rows are smooth, so that difference quotients serve.
    package func slopes(at x: [Double]) -> DenseMatrix {
        var result = DenseMatrix(rows: own.count, columns: free.count)
        for (row, source) in sources.enumerated() { result[row, source] = 1 }
        var first = sources.count
        let scales = parameters
        for index in bodies.indices {
            let count = coordinates(index, at: x).count
            let turning = moving[index].map { ($0.free, 1e-4 * (scales[$0.free]?.scale ?? 1)) }
            for (k, step) in turning + cells[index].map({ ($0.free, 1e-5 * abs(x[$0.free])) }) {
                var moved = x
                moved[k] = x[k] + step
                let above = coordinates(index, at: moved)
                moved[k] = x[k] - step
                let below = coordinates(index, at: moved)
                for row in 0..<count { result[first + row, k] = (above[row] - below[row]) / (2 * step) }
            }
            first += count
        }
        return result
    }

    /// The normal equations of `own` as those of `free`.
    package func reduced(_ equations: NormalEquations, at x: [Double]) -> NormalEquations {
        let slopes = slopes(at: x)
        let transposed = slopes.transpose
        return NormalEquations(
            matrix: transposed * (equations.matrix * slopes), gradient: transposed * equations.gradient,
            chiSquared: equations.chiSquared)
    }

    /// The covariance of the free parameters with that of the groups' coordinates, which follow from them.
    func extended(_ covariance: ParameterCovariance, at x: [Double]) -> ParameterCovariance {
        let slopes = slopes(at: x)
        let rows = Array(sources.count..<own.count)
        let moved = slopes.selecting(rows: rows, columns: Array(free.indices))
        var whole = DenseMatrix(rows: free.count + rows.count, columns: free.count)
        for i in free.indices { whole[i, i] = 1 }
        for i in rows.indices { for j in free.indices { whole[free.count + i, j] = moved[i, j] } }
        return ParameterCovariance(
            names: free + rows.map { own[$0] }, matrix: whole * (covariance.matrix * whole.transpose))
    }
}
