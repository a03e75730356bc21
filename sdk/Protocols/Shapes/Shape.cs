namespace Deployer.Protocols;

/// <summary>
/// The type of a value in a service's model. Each protocol decides by the concrete shape how the value looks on the wire.
/// </summary>
internal abstract class Shape;
