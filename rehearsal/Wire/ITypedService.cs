using Amazon.Runtime;

namespace Deployer.Rehearsal.Wire;

/// <summary>A simulated service that others call with typed requests.</summary>
public interface ITypedService : IWireService
{
    /// <summary>The names of the operations that can be called so, by the types of their requests.</summary>
    IReadOnlyDictionary<Type, string> RequestTypes { get; }

    /// <summary>Runs an operation under the same judgement as a request from the wire.</summary>
    /// <param name="call">Who calls, with the operation's name.</param>
    /// <param name="request">Of a type among <see cref="RequestTypes"/>.</param>
    /// <exception cref="ApiException">The service's error.</exception>
    /// <exception cref="AmazonServiceException">The service's modelled error.</exception>
    object Invoke(Call call, AmazonWebServiceRequest request);
}
