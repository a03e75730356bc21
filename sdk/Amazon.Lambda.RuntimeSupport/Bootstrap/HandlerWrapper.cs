using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Turns a typed handler into one of streams.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public class HandlerWrapper
{
    private HandlerWrapper(LambdaBootstrapHandler handler) => Handler = handler;

    /// <summary>What is called for each invocation.</summary>
    public LambdaBootstrapHandler Handler { get; }

    /// <summary>A handler of streams.</summary>
    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(async invocation => new InvocationResponse(await handler(invocation.InputStream, invocation.LambdaContext)));

    /// <summary>A handler without a result; it answers with an empty payload.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(async invocation =>
        {
            await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext);
            return new InvocationResponse(new MemoryStream());
        });

    /// <summary>A handler with a result.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler,
        ILambdaSerializer serializer
    ) =>
        new(async invocation =>
        {
            var result = await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext);
            var output = new MemoryStream();
            serializer.Serialize(result, output);
            output.Position = 0;
            return new InvocationResponse(output);
        });
}
