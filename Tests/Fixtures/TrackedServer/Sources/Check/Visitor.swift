internal import Foundation
internal import FoundationNetworking

/// Asks the server over the network, as a client would.
struct Visitor {
    let port: Int

    /// Asks for each path so many times; another status than `expected` is an error.
    func ask(_ path: String, times: Int, expecting expected: Int = 200) async throws {
        let address = URL(string: "http://127.0.0.1:\(port)\(path)")!
        for number in 0..<times {
            let (body, response) = try await URLSession.shared.data(from: address)
            let status = (response as? HTTPURLResponse)?.statusCode
            guard status == expected else {
                throw Failure(path: path, number: number, status: status, bytes: body.count)
            }
        }
    }

    /// What the server answered instead.
    struct Failure: Error {
        let path: String
        let number: Int
        let status: Int?
        let bytes: Int
    }
}
