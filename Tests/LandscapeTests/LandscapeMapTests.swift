import Foundation
import Landscape
import Testing

@Suite struct LandscapeMapTests {
    static let x = (0...80).map { -2 + 0.05 * Double($0) }
    static let y = (0...60).map { -1.5 + 0.05 * Double($0) }

    /// Two wells on the x axis, at −1 and 1; the left one is deeper.
    static func twoWells(_ x: Double, _ y: Double) -> Double {
        (x * x - 1) * (x * x - 1) + 0.2 * x + y * y
    }

    @Test("all minima of a two-well function are found, the deepest first, and none is invented")
    func minima() async throws {
        let map = try await LandscapeMap.evaluated(x: Self.x, y: Self.y, prepare: { Self.twoWells })
        let found = map.minima
        #expect(found.count == 2)
        let places = found.map { (map.x[$0.column], map.y[$0.row]) }
        #expect(abs(places[0].0 + 1.024) < 0.03 && abs(places[0].1) < 1e-9)
        #expect(abs(places[1].0 - 0.974) < 0.03 && abs(places[1].1) < 1e-9)
        #expect(found.allSatisfy(map.isInside))
    }

    @Test("basins of all minima cover the grid once, and part at the barrier")
    func basins() async throws {
        let map = try await LandscapeMap.evaluated(x: Self.x, y: Self.y, prepare: { Self.twoWells })
        let basins = map.minima.map(map.basin)
        #expect(basins.map(\.count).reduce(0, +) == Self.x.count * Self.y.count)
        #expect(basins[0].isDisjoint(with: basins[1]))
        // The barrier is the root of 4x³ − 4x + 0.2 between the wells: x = 0.0501.
        #expect(basins[0].allSatisfy { map.x[$0.column] < 0.0501 + 0.1 })
        #expect(basins[1].allSatisfy { map.x[$0.column] > 0.0501 - 0.1 })
    }

    @Test("the convex share is that of the function: |x| > 1/√3 of the grid")
    func convexShare() async throws {
        let map = try await LandscapeMap.evaluated(x: Self.x, y: Self.y, prepare: { Self.twoWells })
        let expected = (1.95 - 1 / 3.0.squareRoot()) / 1.95
        #expect(abs(map.convexShare - expected) < 0.03)
    }

    @Test("the number of cores changes no value")
    func cores() async throws {
        let one = try await LandscapeMap.evaluated(x: Self.x, y: Self.y, cores: 1, prepare: { Self.twoWells })
        let many = try await LandscapeMap.evaluated(
            x: Self.x, y: Self.y, cores: 4, prepare: { Self.twoWells })
        #expect(one == many)
    }
}
