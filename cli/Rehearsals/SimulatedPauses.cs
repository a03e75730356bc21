using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// The retries of an AWS client of this process whose time is simulated: as the SDK decides them, without waiting. What it would have
/// waited passes in simulated time: the world lets it pass before the next attempt has its effect, which says in its header
/// <c>amz-sdk-request</c> the how manieth it is. So the pause is as long for a client in a process of its own, whose SDK waits on the wall
/// clock too.
/// </summary>
internal sealed class SimulatedPauses : RetryPolicy
{
    private readonly RetryPolicy _retries;

    /// <summary>Retries as those that the SDK has chosen for a client.</summary>
    public SimulatedPauses(RetryPolicy retries)
    {
        _retries = retries;
        MaxRetries = retries.MaxRetries;
        Logger = retries.Logger;
    }

    /// <summary>Takes over the pauses of a client.</summary>
    public static void TakeOver(AmazonServiceClient client)
    {
        var pipeline = Pipeline(client);
        var handler = pipeline.Handlers.OfType<RetryHandler>().Single();
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new SimulatedPauses(handler.RetryPolicy)));
    }

    /// <inheritdoc/>
    public override void WaitBeforeRetry(IExecutionContext executionContext) { }

    /// <inheritdoc/>
    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext)
    {
        var cancellation = executionContext.RequestContext.CancellationToken;
        return cancellation.IsCancellationRequested ? Task.FromCanceled(cancellation) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override bool CanRetry(IExecutionContext executionContext) => _retries.CanRetry(executionContext);

    /// <inheritdoc/>
    public override bool RetryForException(IExecutionContext executionContext, Exception exception) =>
        _retries.RetryForException(executionContext, exception);

    /// <inheritdoc/>
    public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        _retries.RetryForExceptionAsync(executionContext, exception);

    /// <inheritdoc/>
    public override bool RetryLimitReached(IExecutionContext executionContext) => _retries.RetryLimitReached(executionContext);

    /// <inheritdoc/>
    public override void NotifySuccess(IExecutionContext executionContext) => _retries.NotifySuccess(executionContext);

    /// <inheritdoc/>
    public override void NotifyError(IExecutionContext executionContext, Exception exception) =>
        _retries.NotifyError(executionContext, exception);

    /// <inheritdoc/>
    public override bool OnRetry(IExecutionContext executionContext) => _retries.OnRetry(executionContext);

    /// <inheritdoc/>
    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity) =>
        _retries.OnRetry(executionContext, bypassAcquireCapacity);

    /// <inheritdoc/>
    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError) =>
        _retries.OnRetry(executionContext, bypassAcquireCapacity, isThrottlingError);

    /// <inheritdoc/>
    public override void ObtainSendToken(IExecutionContext executionContext, Exception exception) =>
        _retries.ObtainSendToken(executionContext, exception);

    /// <inheritdoc/>
    public override Task ObtainSendTokenAsync(IExecutionContext executionContext, Exception exception) =>
        _retries.ObtainSendTokenAsync(executionContext, exception);

    /// <inheritdoc/>
    public override bool IsThrottlingError(Exception exception) => _retries.IsThrottlingError(exception);

    /// <inheritdoc/>
    public override bool IsStaleConnectionError(Exception exception) => _retries.IsStaleConnectionError(exception);

    /// <inheritdoc/>
    public override bool IsTransientError(IExecutionContext executionContext, Exception exception) =>
        _retries.IsTransientError(executionContext, exception);

    /// <inheritdoc/>
    public override bool IsServiceTimeoutError(Exception exception) => _retries.IsServiceTimeoutError(exception);

    /// <summary>The client's pipeline, which the SDK gives to a client's own class alone.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RuntimePipeline")]
    private static extern RuntimePipeline Pipeline(AmazonServiceClient client);
}
