import Crystallography
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("Hops between minima") struct OrbitMovesTests {
    private static func moves(_ settings: RecoverySettings.Atoms) throws -> (OrbitMoves, [Double], [Double]) {
        let structure = try Crystals.all()[3]
        let lattice = structure.latticeParameters.names.count
        let scales = structure.parameters.dropFirst(lattice).map(\.scale)
        let u = Array(structure.parameterVector.dropFirst(lattice))
        return (OrbitMoves(structure, scales: scales, settings: settings), u, scales)
    }

    @Test("an exchange swaps the coordinates of two orbits of one position with other elements")
    func exchange() throws {
        var settings = RecoverySettings.Atoms()
        (settings.exchanging, settings.exchangingOnce) = (1, 1)
        let (moves, u, _) = try Self.moves(settings)
        var random = RandomStream(seed: 1)
        for _ in 0..<30 {
            let trial = moves.hop(u, &random) { _ in 0 }
            #expect(trial.sorted() == u.sorted())
            #expect(trial != u)
            #expect(zip(trial, u).count { $0 != $1 } <= 4)
        }
    }

    @Test("an orbit placed anew takes the place of the least misfit of those that were tried")
    func place() throws {
        var settings = RecoverySettings.Atoms()
        (settings.exchanging, settings.placingOne, settings.places) = (0, 1, 7)
        let (moves, u, _) = try Self.moves(settings)
        var random = RandomStream(seed: 1)
        for _ in 0..<30 {
            var tried: [(misfit: Double, u: [Double])] = []
            let trial = moves.hop(u, &random) { place in
                let misfit = place.reduce(0) { $0 + abs($1 - 0.4) }
                tried.append((misfit, place))
                return misfit
            }
            #expect(tried.count == 7)
            #expect(trial == tried.min { $0.misfit < $1.misfit }?.u)
            // One orbit has three coordinates at most.
            #expect(zip(trial, u).count { $0 != $1 } <= 3)
        }
    }

    @Test("a shake moves every coordinate by its standard deviation in Å")
    func shake() throws {
        var settings = RecoverySettings.Atoms()
        (settings.exchanging, settings.placingOne, settings.placingTwo) = (0, 0, 0)
        let (moves, u, scales) = try Self.moves(settings)
        var random = RandomStream(seed: 1)
        var squares = 0.0
        for _ in 0..<400 {
            let trial = moves.hop(u, &random) { _ in 0 }
            for k in u.indices {
                squares += ((trial[k] - u[k]) / scales[k]) * ((trial[k] - u[k]) / scales[k])
            }
        }
        let deviation = (squares / Double(400 * u.count)).squareRoot()
        #expect(abs(deviation - settings.shake) < 0.05 * settings.shake)
    }

    @Test("the same stream makes the same moves")
    func repeats() throws {
        let (moves, u, _) = try Self.moves(RecoverySettings.Atoms())
        func walk() -> [[Double]] {
            var random = RandomStream(seed: 9)
            return (0..<20).map { _ in moves.hop(u, &random) { $0[0] } } + [moves.anywhere(&random)]
        }
        #expect(walk() == walk())
    }
}
