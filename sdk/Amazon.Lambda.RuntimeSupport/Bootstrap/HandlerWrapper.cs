using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Turns a typed handler into one of streams.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public class HandlerWrapper : IDisposable
{
    private readonly MemoryStream _output = new();

    private HandlerWrapper(Func<InvocationRequest, MemoryStream, Task<InvocationResponse>> handle) =>
        Handler = invocation =>
        {
            // One invocation at a time: the buffer serves all of them.
            _output.SetLength(0);
            return handle(invocation, _output);
        };

    /// <summary>What is called for each invocation.</summary>
    public LambdaBootstrapHandler Handler { get; }

    /// <summary>A handler of streams.</summary>
    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(async (invocation, _) => new InvocationResponse(await handler(invocation.InputStream, invocation.LambdaContext)));

    /// <summary>A handler without a result; it answers with an empty payload.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(
            async (invocation, output) =>
            {
                await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext);
                return new InvocationResponse(output, disposeOutputStream: false);
            }
        );

    /// <summary>A handler with a result.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler,
        ILambdaSerializer serializer
    ) =>
        new(
            async (invocation, output) =>
            {
                var result = await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext);
                serializer.Serialize(result, output);
                output.Position = 0;
                return new InvocationResponse(output, disposeOutputStream: false);
            }
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the buffer of the answers.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _output.Dispose();
        }
    }
}
